import { FitBlock, StepBlock } from './fitBlock'
import { flush, TINY, TINY_ROOT } from './flush'

/**
 * The step of dense Adam for a row, or a part of one, with PyTorch's semantics and order of operations:
 *
 *     g += decay · θ
 *     m += (1 − β1) (g − m)          v = β2 v + (1 − β2) g²          vMax = max(vMax, v)
 *     θ −= stepSize · m / (√v / √(1 − β2^t) + ε)
 *
 * @param at where the row begins in table, m, v and vMax, in bytes
 * @param decay what the row's own values add to its gradient: its share of the L2 term, and weight decay
 */
export function adamRow(fit: FitBlock, step: StepBlock, at: usize, gradient: usize, decay: f32, bytes: usize): void {
  const theta = fit.table + at
  const m = fit.m + at
  const v = fit.v + at
  const vMax: usize = fit.amsgrad ? fit.vMax + at : 0
  const decay4 = f32x4.splat(decay)
  const beta2 = f32x4.splat(fit.beta2)
  const oneMinusBeta1 = f32x4.splat(fit.oneMinusBeta1)
  const rootOneMinusBeta2 = f32x4.splat(fit.rootOneMinusBeta2)
  const epsilon = f32x4.splat(fit.epsilon)
  const stepSize = f32x4.splat(step.stepSize)
  const inverseCorrection = f32x4.splat(step.inverseCorrection)
  for (let f: usize = 0; f < bytes; f += 16) {
    const oldTheta = v128.load(theta + f)
    const oldM = v128.load(m + f)
    const g = f32x4.add(v128.load(gradient + f), f32x4.mul(decay4, oldTheta))
    const newM = flush(f32x4.add(oldM, f32x4.mul(oneMinusBeta1, f32x4.sub(g, oldM))), TINY)
    const root = flush(f32x4.mul(rootOneMinusBeta2, g), TINY_ROOT)
    const newV = flush(f32x4.add(f32x4.mul(beta2, v128.load(v + f)), f32x4.mul(root, root)), TINY)
    v128.store(m + f, newM)
    v128.store(v + f, newV)
    let second = newV
    if (vMax !== 0) {
      second = f32x4.pmax(newV, v128.load(vMax + f))
      v128.store(vMax + f, second)
    }
    const denominator = f32x4.add(f32x4.mul(f32x4.sqrt(second), inverseCorrection), epsilon)
    v128.store(theta + f, f32x4.sub(oldTheta, f32x4.mul(stepSize, f32x4.div(newM, denominator))))
  }
}
