import { FitBlock, StepBlock } from './fitBlock'

/** The step of gradient descent for a row, or a part of one: θ −= stepSize · (g + decay · θ). Parameters as for `adamRow`. */
export function sgdRow(fit: FitBlock, step: StepBlock, at: usize, gradient: usize, decay: f32, bytes: usize): void {
  const theta = fit.table + at
  const decay4 = f32x4.splat(decay)
  const stepSize = f32x4.splat(step.stepSize)
  for (let f: usize = 0; f < bytes; f += 16) {
    const value = v128.load(theta + f)
    const g = f32x4.add(v128.load(gradient + f), f32x4.mul(decay4, value))
    v128.store(theta + f, f32x4.sub(value, f32x4.mul(stepSize, g)))
  }
}
