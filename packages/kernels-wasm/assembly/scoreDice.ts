// `score` for DICE (packages/engine/src/objective.ts, `DiceObjective`; METHODS.md §3.6), whose rows have an interest half and a
// conformity half with products of their own. With x_n = y_i − y_j of half n, b = 1 where the negative is the more popular item
// and the sign t = 1 − 2b that x_2 should have, the derivatives by x_n are
//
//   c_1 = −σ(−x_1 − x_2) − interest · b σ(−x_1)      c_2 = −σ(−x_1 − x_2) − conformity · t σ(−t x_2)
//
// An occurrence has a coefficient for each half: Σ_k c_n for the positive, −c_n for a negative. The discrepancy is in
// diceGradient.ts.
import { dot } from './dot'
import { FitBlock, StepBlock } from './fitBlock'
import { logSigmoidTerms } from './logSigmoid'
import { addNegatives, dotNegatives } from './negativeRows'
import { beginGradient } from './score'
import { LOSSES, NEGATIVE_BYTES, SLOPES, TERMS } from './scratch'
import { nextPiece } from './team'

const SLOTS: u32 = 16

// Arguments of the log-sigmoid, then slopes, of the click loss in `SLOPES`, and of the others:
const INTEREST: usize = TERMS
const CONFORMITY: usize = TERMS + NEGATIVE_BYTES
const INTEREST_LOSSES: usize = TERMS + 2 * NEGATIVE_BYTES
const CONFORMITY_LOSSES: usize = TERMS + 3 * NEGATIVE_BYTES
/** 1 or −1 for each negative. */
const SIGNS: usize = TERMS + 4 * NEGATIVE_BYTES

/** Parameters as for `score`. */
export function scoreDice(fit: FitBlock, index: u32, embeddings: usize, rowOfPlace: usize, scratch: usize): void {
  const positives = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).positives
  const pieces = (positives + SLOTS - 1) / SLOTS
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const end = min(positives, (piece + 1) * SLOTS)
    for (let slot = piece * SLOTS; slot < end; slot++) scoreSlot(fit, index, slot, embeddings, rowOfPlace, scratch)
  }
}

function scoreSlot(fit: FitBlock, index: u32, slot: u32, embeddings: usize, rowOfPlace: usize, scratch: usize): void {
  const negatives = fit.negatives
  const rowBytes = fit.vectors << 4
  const half = rowBytes >> 1
  const halfVectors = fit.vectors >> 1
  const base = slot * (negatives + 2)
  const places = rowOfPlace + (base << 2)
  const user = embeddings + load<u32>(places) * rowBytes
  const positive = embeddings + load<u32>(places, 4) * rowBytes
  const conformity = embeddings + half

  dotNegatives(user, embeddings, rowBytes, places, negatives, halfVectors, scratch + INTEREST)
  dotNegatives(user + half, conformity, rowBytes, places, negatives, halfVectors, scratch + CONFORMITY)
  const positive1 = dot(user, positive, halfVectors)
  const positive2 = dot(user + half, positive + half, halfVectors)
  writeSigns(fit, fit.rowsOfStep + ((index * fit.places + base) << 2), scratch)
  beginTerms(negatives, positive1, positive2, scratch)

  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const coefficients1 = fit.coefficients + (base << 2)
  const coefficients2 = fit.secondCoefficients + (base << 2)
  const losses = fit.losses + ((index * fit.batch + slot) << 2)
  store<f32>(losses, differentiate(step, negatives, coefficients1, coefficients2, scratch))

  const snapshot = fit.snapshots + slot * rowBytes
  const gradient = fit.snapshots + (fit.batch + slot) * rowBytes
  beginGradient(user, 1, positive, load<f32>(coefficients1, 4), snapshot, gradient, half)
  addNegatives(gradient, coefficients1, embeddings, rowBytes, places, negatives, half)
  const positiveSlope2 = load<f32>(coefficients2, 4)
  beginGradient(user + half, 1, positive + half, positiveSlope2, snapshot + half, gradient + half, half)
  addNegatives(gradient + half, coefficients2, conformity, rowBytes, places, negatives, half)
}

/** @param rows of the table: the slot's user, positive and negatives */
@inline
function writeSigns(fit: FitBlock, rows: usize, scratch: usize): void {
  const popularity = fit.popularity - (fit.users << 2)
  const ofPositive = load<u32>(popularity + (load<u32>(rows, 4) << 2))
  for (let k: u32 = 0; k < fit.negatives; k++) {
    const ofNegative = load<u32>(popularity + (load<u32>(rows + (k << 2), 8) << 2))
    const sign: f32 = ofNegative > ofPositive ? -1 : 1
    store<f32>(scratch + (k << 2), sign, SIGNS)
  }
}

/** From the products of negatives to the log-sigmoids of differences. */
@inline
function beginTerms(negatives: u32, positive1: f32, positive2: f32, scratch: usize): void {
  for (let at: usize = scratch; at < scratch + (negatives << 2); at += 16) {
    const x1 = f32x4.sub(f32x4.splat(positive1), v128.load(at, INTEREST))
    const x2 = f32x4.sub(f32x4.splat(positive2), v128.load(at, CONFORMITY))
    v128.store(at, f32x4.add(x1, x2), SLOPES)
    v128.store(at, x1, INTEREST)
    v128.store(at, f32x4.mul(x2, v128.load(at, SIGNS)), CONFORMITY)
  }
  logSigmoidTerms(scratch + SLOPES, scratch + LOSSES, negatives)
  logSigmoidTerms(scratch + INTEREST, scratch + INTEREST_LOSSES, negatives)
  logSigmoidTerms(scratch + CONFORMITY, scratch + CONFORMITY_LOSSES, negatives)
}

/** Writes a slot's coefficients; returns its loss, summed over the triples. */
@inline
function differentiate(
  step: StepBlock,
  negatives: u32,
  coefficients1: usize,
  coefficients2: usize,
  scratch: usize,
): f32 {
  let loss: f32 = 0
  let sum1: f32 = 0
  let sum2: f32 = 0
  for (let at: usize = 0; at < negatives << 2; at += 4) {
    const from = scratch + at
    const sign = load<f32>(from, SIGNS)
    const interest: f32 = sign < 0 ? step.interest : 0
    const click = load<f32>(from, SLOPES)
    const c1 = step.inverseTriples * (click + interest * load<f32>(from, INTEREST))
    const c2 = step.inverseTriples * (click + step.conformity * sign * load<f32>(from, CONFORMITY))
    loss += load<f32>(from, LOSSES)
    loss += interest * load<f32>(from, INTEREST_LOSSES) + step.conformity * load<f32>(from, CONFORMITY_LOSSES)
    sum1 += c1
    sum2 += c2
    store<f32>(coefficients1 + at, -c1, 8)
    store<f32>(coefficients2 + at, -c2, 8)
  }
  store<f32>(coefficients1, 1)
  store<f32>(coefficients2, 1)
  store<f32>(coefficients1, sum1, 4)
  store<f32>(coefficients2, sum2, 4)
  return loss
}
