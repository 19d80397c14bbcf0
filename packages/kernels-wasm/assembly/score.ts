// The first half of a step, a positive (a slot) at a time: gathers the user's, the positive's and the negatives' rows,
// computes each triple's loss and slope, and keeps a snapshot of what the second half needs, since that overwrites rows.
//
// With x_k = p·q − p·n_k and c_k = slope(x_k) / triples, the gradients are
//   ∂/∂p = Σ_k c_k (q − n_k)      ∂/∂q = (Σ_k c_k) p      ∂/∂n_k = −c_k p,
// so every occurrence's gradient is a coefficient times one of two snapshot vectors: p for items, ∂/∂p itself for the user.
import { bprTerms } from './bprTerms'
import { dot, dotFour } from './dot'
import { FitBlock, StepBlock } from './fitBlock'
import { LOSSES, SLOPES } from './scratch'
import { nextPiece } from './team'

const SLOTS: u32 = 16

/**
 * @param embeddings rows of d numbers
 * @param rowOfPlace the step's places: which row of `embeddings` each stands for
 */
export function score(fit: FitBlock, index: u32, embeddings: usize, rowOfPlace: usize, scratch: usize): void {
  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const positives = step.positives
  const pieces = (positives + SLOTS - 1) / SLOTS
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const end = min(positives, (piece + 1) * SLOTS)
    for (let slot = piece * SLOTS; slot < end; slot++) {
      scoreSlot(fit, slot, step.inverseTriples, embeddings, rowOfPlace, index * fit.batch + slot, scratch)
    }
  }
}

function scoreSlot(
  fit: FitBlock,
  slot: u32,
  inverseTriples: f32,
  embeddings: usize,
  rowOfPlace: usize,
  lossPlace: u32,
  scratch: usize,
): void {
  const vectors = fit.vectors
  const negatives = fit.negatives
  const rowBytes = vectors << 4
  const base = slot * (negatives + 2)
  const places = rowOfPlace + (base << 2)
  const user = embeddings + load<u32>(places) * rowBytes
  const positive = embeddings + load<u32>(places, 4) * rowBytes
  const slopes = scratch + SLOPES
  const losses = scratch + LOSSES

  const positiveScore = dot(user, positive, vectors)
  const fours = negatives & ~3
  for (let k: u32 = 0; k < fours; k += 4) {
    const at = places + (k << 2)
    const scores = dotFour(
      user,
      embeddings + load<u32>(at, 8) * rowBytes,
      embeddings + load<u32>(at, 12) * rowBytes,
      embeddings + load<u32>(at, 16) * rowBytes,
      embeddings + load<u32>(at, 20) * rowBytes,
      vectors,
    )
    v128.store(slopes + (k << 2), f32x4.sub(f32x4.splat(positiveScore), scores))
  }
  for (let k = fours; k < negatives; k++) {
    const negative = embeddings + load<u32>(places + (k << 2), 8) * rowBytes
    store<f32>(slopes + (k << 2), positiveScore - dot(user, negative, vectors))
  }
  bprTerms(slopes, losses, negatives)

  let loss: f32 = 0
  let slopeSum: f32 = 0
  const coefficients = fit.coefficients + (base << 2)
  for (let k: u32 = 0; k < negatives; k++) {
    const slope = load<f32>(slopes + (k << 2)) * inverseTriples
    loss += load<f32>(losses + (k << 2))
    slopeSum += slope
    store<f32>(coefficients + (k << 2), -slope, 8)
  }
  store<f32>(coefficients, 1)
  store<f32>(coefficients, slopeSum, 4)
  store<f32>(fit.losses + (lossPlace << 2), loss)

  const snapshot = fit.snapshots + slot * rowBytes
  const gradient = fit.snapshots + (fit.batch + slot) * rowBytes
  beginGradient(user, positive, slopeSum, snapshot, gradient, rowBytes)
  for (let k: u32 = 0; k < fours; k += 4) {
    const at = places + (k << 2)
    addFour(
      gradient,
      coefficients + (k << 2) + 8,
      embeddings + load<u32>(at, 8) * rowBytes,
      embeddings + load<u32>(at, 12) * rowBytes,
      embeddings + load<u32>(at, 16) * rowBytes,
      embeddings + load<u32>(at, 20) * rowBytes,
      rowBytes,
    )
  }
  for (let k = fours; k < negatives; k++) {
    const negative = embeddings + load<u32>(places + (k << 2), 8) * rowBytes
    addOne(gradient, load<f32>(coefficients + (k << 2), 8), negative, rowBytes)
  }
}

/** snapshot = p, gradient = (Σ c_k) q. */
function beginGradient(
  user: usize,
  positive: usize,
  slopeSum: f32,
  snapshot: usize,
  gradient: usize,
  bytes: usize,
): void {
  const slope = f32x4.splat(slopeSum)
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(snapshot + at, v128.load(user + at))
    v128.store(gradient + at, f32x4.mul(slope, v128.load(positive + at)))
  }
}

/** gradient += Σ coefficients[k] · n_k over four rows. */
function addFour(gradient: usize, coefficients: usize, n0: usize, n1: usize, n2: usize, n3: usize, bytes: usize): void {
  const c0 = v128.load32_splat(coefficients)
  const c1 = v128.load32_splat(coefficients, 4)
  const c2 = v128.load32_splat(coefficients, 8)
  const c3 = v128.load32_splat(coefficients, 12)
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = v128.load(gradient + at)
    sum = f32x4.add(sum, f32x4.mul(c0, v128.load(n0 + at)))
    sum = f32x4.add(sum, f32x4.mul(c1, v128.load(n1 + at)))
    sum = f32x4.add(sum, f32x4.mul(c2, v128.load(n2 + at)))
    sum = f32x4.add(sum, f32x4.mul(c3, v128.load(n3 + at)))
    v128.store(gradient + at, sum)
  }
}

/** gradient += coefficient · n. */
function addOne(gradient: usize, coefficient: f32, n: usize, bytes: usize): void {
  const c = f32x4.splat(coefficient)
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(gradient + at, f32x4.add(v128.load(gradient + at), f32x4.mul(c, v128.load(n + at))))
  }
}
