// `score` for MACR (packages/engine/src/objective.ts, `MacrObjective`; METHODS.md §4.2). With y = p·q, a_u = p·w_user,
// a_i = q·w_item, ŷ = σ(a), z = y ŷ_i ŷ_u and Z = ∂loss/∂z of a triple, Z_i = −σ(−z_i) and Z_j = σ(z_j), the derivatives are
//
//   by y_i:  Z_i ŷ_i ŷ_u          by a_i: (Z_i z_i − α) (1 − ŷ_i)
//   by y_j:  Z_j ŷ_j ŷ_u          by a_j:  Z_j z_j (1 − ŷ_j) + α ŷ_j          by a_u: (Z_i z_i + Z_j z_j) (1 − ŷ_u) + β (2 ŷ_u − 1)
//
// An item's gradient is ∂y · p + ∂a · w_item: two coefficients an occurrence. The user's, ∂y_i q + Σ_k ∂y_k n_k + ∂a_u w_user, is
// kept whole; so are the towers', Σ ∂a q for w_item and Σ ∂a_u p for w_user (towers.ts).
import { dot } from './dot'
import { FitBlock, StepBlock } from './fitBlock'
import { logisticTerms, logSigmoidTerms } from './logSigmoid'
import { addNegatives, dotNegatives } from './negativeRows'
import { beginGradient } from './score'
import { LOSSES, NEGATIVE_BYTES, PRODUCTS, SLOPES, TERMS, TOWERS } from './scratch'
import { addRow } from './spmm'
import { nextPiece } from './team'
import { copyTowers, TOWER_SLOTS, towerSums } from './towers'

// Of each negative, of the positive, and twice of the user.
/** What each loss wants of a logit: 1 − ŷ_k, ŷ_i, ŷ_u, 1 − ŷ_u. */
const RIGHT: usize = TERMS
/** The opposite: ŷ_k, 1 − ŷ_i, 1 − ŷ_u, ŷ_u. */
const WRONG: usize = TERMS + NEGATIVE_BYTES
/** −ln of the former. */
const TOWER_LOSSES: usize = TERMS + 2 * NEGATIVE_BYTES

/** Parameters as for `score`. */
export function scoreMacr(fit: FitBlock, index: u32, embeddings: usize, rowOfPlace: usize, scratch: usize): void {
  copyTowers(fit, scratch)
  const positives = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).positives
  const pieces = (positives + TOWER_SLOTS - 1) / TOWER_SLOTS
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    memory.fill(towerSums(fit, piece), 0, fit.vectors << 5)
    const end = min(positives, (piece + 1) * TOWER_SLOTS)
    for (let slot = piece * TOWER_SLOTS; slot < end; slot++) {
      scoreSlot(fit, index, slot, embeddings, rowOfPlace, scratch)
    }
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
  const userTower = scratch + TOWERS
  const itemTower = userTower + rowBytes

  const positiveProduct = dot(user, positive, vectors)
  dotNegatives(user, embeddings, rowBytes, places, negatives, vectors, scratch + PRODUCTS)
  dotNegatives(itemTower, embeddings, rowBytes, places, negatives, vectors, scratch + RIGHT)
  const itemLogit = dot(itemTower, positive, vectors)
  const userLogit = dot(userTower, user, vectors)

  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const coefficients = fit.coefficients + (base << 2)
  const shares = fit.secondCoefficients + (base << 2)
  const losses = fit.losses + ((index * fit.batch + slot) << 2)
  beginTerms(negatives, itemLogit, userLogit, scratch)
  const byUserLogit = differentiate(fit, positiveProduct, step.inverseTriples, coefficients, shares, losses, scratch)

  const snapshot = fit.snapshots + slot * rowBytes
  const gradient = fit.snapshots + (fit.batch + slot) * rowBytes
  beginGradient(user, 1, positive, load<f32>(coefficients, 4), snapshot, gradient, rowBytes)
  addNegatives(gradient, coefficients, embeddings, rowBytes, places, negatives, rowBytes)
  addRow(gradient, byUserLogit, userTower, rowBytes)
  const byUserTower = towerSums(fit, slot / TOWER_SLOTS)
  const byItemTower = byUserTower + rowBytes
  addRow(byUserTower, byUserLogit, user, rowBytes)
  addRow(byItemTower, load<f32>(shares, 4), positive, rowBytes)
  addNegatives(byItemTower, shares, embeddings, rowBytes, places, negatives, rowBytes)
}

/** From the towers' logits to `RIGHT`, `WRONG` and `TOWER_LOSSES`. */
@inline
function beginTerms(negatives: u32, itemLogit: f32, userLogit: f32, scratch: usize): void {
  const logits = scratch + RIGHT
  for (let at: usize = 0; at < negatives << 2; at += 16) v128.store(logits + at, f32x4.neg(v128.load(logits + at)))
  const last = logits + (negatives << 2)
  store<f32>(last, itemLogit)
  store<f32>(last, userLogit, 4)
  store<f32>(last, -userLogit, 8)
  logisticTerms(logits, scratch + WRONG, scratch + TOWER_LOSSES, negatives + 3)
}

/** Writes a slot's coefficients, shares of w_item and loss, summed over its triples; returns its derivative by a_u. */
@inline
function differentiate(
  fit: FitBlock,
  positiveProduct: f32,
  inverseTriples: f32,
  coefficients: usize,
  shares: usize,
  losses: usize,
  scratch: usize,
): f32 {
  const negatives = fit.negatives
  const right = scratch + RIGHT
  const wrong = scratch + WRONG
  const towerLosses = scratch + TOWER_LOSSES
  const slopes = scratch + SLOPES
  const last = negatives << 2
  const userRight = load<f32>(right + last, 4)
  const userWrong = load<f32>(wrong + last, 4)
  const itemRight = load<f32>(right + last)
  const itemWrong = load<f32>(wrong + last)

  const userRight4 = f32x4.splat(userRight)
  for (let at: usize = 0; at < last; at += 16) {
    const z = f32x4.mul(v128.load(scratch + at, PRODUCTS), f32x4.mul(v128.load(wrong + at), userRight4))
    v128.store(scratch + at, z, PRODUCTS)
    v128.store(slopes + at, f32x4.neg(z))
  }
  const positiveZ = positiveProduct * (itemRight * userRight)
  store<f32>(slopes + last, positiveZ)
  logSigmoidTerms(slopes, scratch + LOSSES, negatives + 1)

  // The positive and the user count once in each of their triples.
  const count = <f32>negatives
  const itemWeight = fit.itemWeight
  const byPositiveZ = load<f32>(slopes + last)
  let loss =
    count *
    (load<f32>(scratch + last, LOSSES) +
      itemWeight * load<f32>(towerLosses + last) +
      fit.userWeight * (load<f32>(towerLosses + last, 4) + load<f32>(towerLosses + last, 8)))
  let alongZ = count * byPositiveZ * positiveZ
  store<f32>(coefficients, 1)
  store<f32>(coefficients, count * inverseTriples * (byPositiveZ * (itemRight * userRight)), 4)
  store<f32>(shares, count * inverseTriples * ((byPositiveZ * positiveZ - itemWeight) * itemWrong), 4)
  for (let at: usize = 0; at < last; at += 4) {
    const z = load<f32>(scratch + at, PRODUCTS)
    const byZ = -load<f32>(slopes + at)
    const itemHat = load<f32>(wrong + at)
    loss += load<f32>(scratch + at, LOSSES) + itemWeight * load<f32>(towerLosses + at)
    alongZ += byZ * z
    store<f32>(coefficients + at, inverseTriples * (byZ * (itemHat * userRight)), 8)
    store<f32>(shares + at, inverseTriples * (byZ * z * load<f32>(right + at) + itemWeight * itemHat), 8)
  }
  store<f32>(losses, loss)
  return inverseTriples * (alongZ * userWrong + fit.userWeight * count * (userRight - userWrong))
}
