// What a pairwise objective may do between a product y and the loss (packages/engine/src/objective.ts, `PairwiseObjective`):
//   s = factor · link(y), and the positive's weight times the loss,
// so that a slope by s becomes weight · slope · factor · link′(y) by y.
import { FitBlock } from './fitBlock'
import { exponential } from './logSigmoid'
import { LINK_SLOPES, PRODUCTS, SCORES } from './scratch'

/** Below it ELU + 1 stays at its value there, 1.6e−28, which no sum notices. */
const LEAST_PRODUCT: f32 = -64

/**
 * Makes the products of a slot's negatives, in `SCORES`, into scores; keeps the products, and the scores' slopes by them.
 *
 * @param rows of the table: the slot's user, positive and negatives
 * @returns the positive's score, whose slope comes last
 */
export function adjustScores(fit: FitBlock, rows: usize, positiveProduct: f32, scratch: usize): f32 {
  const negatives = fit.negatives
  const last = scratch + (negatives << 2)
  store<f32>(last, positiveProduct, SCORES)
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  for (let at: usize = scratch; at <= last; at += 16) {
    const y = v128.load(at, SCORES)
    v128.store(at, y, PRODUCTS)
    if (!fit.isElu) {
      v128.store(at, one, LINK_SLOPES)
      continue
    }
    const isAbove = f32x4.gt(y, zero)
    const e = exponential(f32x4.max(f32x4.min(y, zero), f32x4.splat(LEAST_PRODUCT)))
    v128.store(at, v128.bitselect(f32x4.add(y, one), e, isAbove), SCORES)
    v128.store(at, v128.bitselect(one, e, isAbove), LINK_SLOPES)
  }
  if (fit.scoreFactors !== 0) {
    for (let k: u32 = 0; k < negatives; k++) multiplyScore(fit, k, load<u32>(rows + (k << 2), 8), scratch)
    multiplyScore(fit, negatives, load<u32>(rows, 4), scratch)
  }
  return load<f32>(last, SCORES)
}

@inline
function multiplyScore(fit: FitBlock, k: u32, row: u32, scratch: usize): void {
  const factor = load<f32>(fit.scoreFactors + ((row - fit.users) << 2))
  const at = scratch + (k << 2)
  store<f32>(at, factor * load<f32>(at, SCORES), SCORES)
  store<f32>(at, factor * load<f32>(at, LINK_SLOPES), LINK_SLOPES)
}

/** Turns a slot's slopes by scores into slopes by products. Returns the weight of its losses. */
export function slopesByProducts(fit: FitBlock, rows: usize, coefficients: usize, scratch: usize): f32 {
  const negatives = fit.negatives
  const slopes = scratch + LINK_SLOPES
  const weight: f32 =
    fit.lossWeights === 0 ? 1 : load<f32>(fit.lossWeights + ((load<u32>(rows, 4) - fit.users) << 2))
  const positiveSlope = weight * load<f32>(slopes + (negatives << 2))
  store<f32>(coefficients, load<f32>(coefficients, 4) * positiveSlope, 4)
  for (let k: u32 = 0; k < negatives; k++) {
    const at = coefficients + (k << 2)
    store<f32>(at, load<f32>(at, 8) * (weight * load<f32>(slopes + (k << 2))), 8)
  }
  return weight
}
