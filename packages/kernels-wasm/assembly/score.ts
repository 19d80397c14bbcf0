// The first half of a step, a positive (a slot) at a time: gathers the user's, the positive's and the negatives' rows,
// computes each triple's loss and slopes, and keeps snapshots of what the second half needs, since that overwrites rows.
//
// With s = p̂·q, s_k = p̂·n_k (p̂ = p, or p / ‖p‖ where users are normalised) and the derivatives a by s and b_k by s_k of the
// mean loss, the gradients are
//   ∂/∂p̂ = a q + Σ_k b_k n_k      ∂/∂q = a p̂      ∂/∂n_k = b_k p̂,
// so every occurrence's gradient is a coefficient times one of two snapshot vectors: p̂ for items, ∂/∂p itself for the user.
// Through the norm ∂/∂p = (g − (g·p̂) p̂) / ‖p‖ with g = ∂/∂p̂, where g·p̂ = a s + Σ_k b_k s_k needs no sum over elements.
//
//   BPR: a = −Σ_k σ(s_k − s) / triples, b_k = σ(s_k − s) / triples
//   BCE: a = −negatives · σ(−s) / triples, b_k = negativeWeight · σ(s_k) / triples
//
// Where scores are more than products, a and b_k are multiplied on to be derivatives by products: adjustScores.ts.
import { adjustScores, slopesByProducts } from './adjustScores'
import { dot, dotFour } from './dot'
import { FitBlock, RECORDS_NOTHING, StepBlock } from './fitBlock'
import { firstCoefficient } from './group'
import { logSigmoidTerms } from './logSigmoid'
import { keepUser } from './recordItems'
import { addFourRecording, openUser, recordNegative, recordPositive, touchRecorded } from './recordUsers'
import { LOSSES, PRODUCTS, SCORES, SLOPES } from './scratch'
import { addRow } from './spmm'
import { nextPiece } from './team'

const SLOTS: u32 = 16

/** The smallest normal float32: a sum of squares below it has lost its digits, and counts as 0. */
const LEAST_SQUARE: f32 = 1.1754943508222875e-38

/**
 * @param embeddings rows of d numbers
 * @param rowOfPlace the step's places: which row of `embeddings` each stands for
 */
export function score(fit: FitBlock, index: u32, embeddings: usize, rowOfPlace: usize, scratch: usize): void {
  const positives = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).positives
  const pieces = (positives + SLOTS - 1) / SLOTS
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const end = min(positives, (piece + 1) * SLOTS)
    if (fit.recording !== RECORDS_NOTHING) touchRecorded(fit, index, piece * SLOTS, end, scratch)
    for (let slot = piece * SLOTS; slot < end; slot++) scoreSlot(fit, index, slot, embeddings, rowOfPlace, scratch)
  }
}

function scoreSlot(fit: FitBlock, index: u32, slot: u32, embeddings: usize, rowOfPlace: usize, scratch: usize): void {
  const vectors = fit.vectors
  const negatives = fit.negatives
  const rowBytes = vectors << 4
  const base = slot * (negatives + 2)
  const places = rowOfPlace + (base << 2)
  const user = embeddings + load<u32>(places) * rowBytes
  const positive = embeddings + load<u32>(places, 4) * rowBytes
  const scores = scratch + SCORES
  const recorded: usize = fit.recording === RECORDS_NOTHING ? 0 : openUser(fit, index, slot)
  const inverseNorm: f32 = fit.unitUsers ? inverseLength(user, vectors) : 1

  const positiveProduct = inverseNorm * dot(user, positive, vectors)
  const fours = negatives & ~3
  for (let k: u32 = 0; k < fours; k += 4) {
    const at = places + (k << 2)
    const products = dotFour(
      user,
      embeddings + load<u32>(at, 8) * rowBytes,
      embeddings + load<u32>(at, 12) * rowBytes,
      embeddings + load<u32>(at, 16) * rowBytes,
      embeddings + load<u32>(at, 20) * rowBytes,
      vectors,
    )
    v128.store(scores + (k << 2), f32x4.mul(f32x4.splat(inverseNorm), products))
  }
  for (let k = fours; k < negatives; k++) {
    const negative = embeddings + load<u32>(places + (k << 2), 8) * rowBytes
    store<f32>(scores + (k << 2), inverseNorm * dot(user, negative, vectors))
  }

  const coefficients = fit.coefficients + ((firstCoefficient(fit, index) + base) << 2)
  const losses = fit.losses + ((index * fit.batch + slot) << 2)
  const inverseTriples = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).inverseTriples
  const rows = fit.rowsOfStep + ((index * fit.places + base) << 2)
  const products = fit.adjustsScores ? scratch + PRODUCTS : scores
  const positiveScore = fit.adjustsScores ? adjustScores(fit, rows, positiveProduct, scratch) : positiveProduct
  let loss = differentiate(fit, positiveScore, inverseTriples, coefficients, scratch)
  if (fit.adjustsScores) loss *= slopesByProducts(fit, rows, coefficients, scratch)
  store<f32>(losses, loss)

  const positiveSlope = load<f32>(coefficients, 4)
  const snapshot = fit.snapshots + slot * rowBytes
  const gradient = fit.snapshots + (fit.batch + slot) * rowBytes
  beginGradient(user, inverseNorm, positive, positiveSlope, snapshot, gradient, rowBytes)
  if (recorded !== 0) {
    keepUser(fit, index, slot, snapshot)
    recordPositive(fit, index, recorded, positiveSlope, positive)
  }
  for (let k: u32 = 0; k < fours; k += 4) {
    const at = places + (k << 2)
    const own = coefficients + (k << 2) + 8
    const n0 = embeddings + load<u32>(at, 8) * rowBytes
    const n1 = embeddings + load<u32>(at, 12) * rowBytes
    const n2 = embeddings + load<u32>(at, 16) * rowBytes
    const n3 = embeddings + load<u32>(at, 20) * rowBytes
    if (recorded === 0) addFour(gradient, own, n0, n1, n2, n3, rowBytes)
    else addFourRecording(fit, index, recorded, gradient, own, n0, n1, n2, n3)
  }
  for (let k = fours; k < negatives; k++) {
    const negative = embeddings + load<u32>(places + (k << 2), 8) * rowBytes
    const coefficient = load<f32>(coefficients + (k << 2), 8)
    addRow(gradient, coefficient, negative, rowBytes)
    if (recorded !== 0) recordNegative(fit, index, recorded, coefficient, negative)
  }
  if (fit.unitUsers) {
    let along = positiveSlope * positiveProduct
    for (let k: u32 = 0; k < negatives; k++) {
      along += load<f32>(coefficients + (k << 2), 8) * load<f32>(products + (k << 2))
    }
    throughNorm(gradient, snapshot, along, inverseNorm, rowBytes)
  }
}

/** 1 / ‖p‖; 0 for a row of zeros, which then scores zero and gets no gradient. */
@inline
function inverseLength(row: usize, vectors: u32): f32 {
  const square = dot(row, row, vectors)
  return square < LEAST_SQUARE ? 0 : 1 / sqrt<f32>(square)
}

/** Writes a slot's coefficients from its scores; returns its loss, summed over the triples. */
@inline
function differentiate(
  fit: FitBlock,
  positiveScore: f32,
  inverseTriples: f32,
  coefficients: usize,
  scratch: usize,
): f32 {
  const negatives = fit.negatives
  const scores = scratch + SCORES
  const slopes = scratch + SLOPES
  const losses = scratch + LOSSES
  const minuend: f32 = fit.isCrossEntropy ? 0 : positiveScore
  for (let at: usize = 0; at < negatives << 2; at += 16) {
    v128.store(slopes + at, f32x4.sub(f32x4.splat(minuend), v128.load(scores + at)))
  }
  if (fit.isCrossEntropy) store<f32>(slopes + (negatives << 2), positiveScore)
  logSigmoidTerms(slopes, losses, negatives + fit.isCrossEntropy)

  const negativeWeight = fit.negativeWeight
  const scale = inverseTriples * negativeWeight
  let loss: f32 = 0
  let positiveSlope: f32 = 0
  for (let k: u32 = 0; k < negatives; k++) {
    const slope = load<f32>(slopes + (k << 2)) * scale
    loss += load<f32>(losses + (k << 2))
    positiveSlope += slope
    store<f32>(coefficients + (k << 2), -slope, 8)
  }
  if (fit.isCrossEntropy) {
    // The positive counts once in each of its triples.
    loss = negativeWeight * loss + <f32>negatives * load<f32>(losses + (negatives << 2))
    positiveSlope = <f32>negatives * (load<f32>(slopes + (negatives << 2)) * inverseTriples)
  }
  store<f32>(coefficients, 1)
  store<f32>(coefficients, positiveSlope, 4)
  return loss
}

/** snapshot = p̂, gradient = a q. */
export function beginGradient(
  user: usize,
  inverseNorm: f32,
  positive: usize,
  positiveSlope: f32,
  snapshot: usize,
  gradient: usize,
  bytes: usize,
): void {
  const slope = f32x4.splat(positiveSlope)
  const inverse = f32x4.splat(inverseNorm)
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(snapshot + at, f32x4.mul(inverse, v128.load(user + at)))
    v128.store(gradient + at, f32x4.mul(slope, v128.load(positive + at)))
  }
}

/** gradient += Σ coefficients[k] · n_k over four rows. */
export function addFour(
  gradient: usize,
  coefficients: usize,
  n0: usize,
  n1: usize,
  n2: usize,
  n3: usize,
  bytes: usize,
): void {
  const c0 = v128.load32_splat(coefficients)
  const c1 = v128.load32_splat(coefficients, 4)
  const c2 = v128.load32_splat(coefficients, 8)
  const c3 = v128.load32_splat(coefficients, 12)
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = f32x4.mul(c0, v128.load(n0 + at))
    sum = f32x4.add(sum, f32x4.mul(c1, v128.load(n1 + at)))
    sum = f32x4.add(sum, f32x4.mul(c2, v128.load(n2 + at)))
    sum = f32x4.add(sum, f32x4.mul(c3, v128.load(n3 + at)))
    v128.store(gradient + at, f32x4.add(v128.load(gradient + at), sum))
  }
}

/** gradient = (gradient − along · p̂) / ‖p‖. */
function throughNorm(gradient: usize, unit: usize, along: f32, inverseNorm: f32, bytes: usize): void {
  const along4 = f32x4.splat(along)
  const inverse = f32x4.splat(inverseNorm)
  for (let at: usize = 0; at < bytes; at += 16) {
    const rest = f32x4.sub(v128.load(gradient + at), f32x4.mul(along4, v128.load(unit + at)))
    v128.store(gradient + at, f32x4.mul(inverse, rest))
  }
}
