import type { Optimizer } from '@gradrec/engine'

export type MomentName = 'm' | 'v' | 'vMax'

/** Names of the state an optimizer keeps per number of the table. */
export function momentNames(optimizer: Optimizer): readonly MomentName[] {
  if (optimizer.kind === 'sgd') return []
  return optimizer.amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v']
}

export function isLazy(optimizer: Optimizer): boolean {
  return optimizer.kind === 'adam' && optimizer.update === 'lazy'
}

/** What the kernels need to know of an optimizer; differences from 1 are taken in double precision. */
export function optimizerFields(optimizer: Optimizer): {
  readonly isAdam: number
  readonly amsgrad: number
  readonly beta2: number
  readonly oneMinusBeta1: number
  readonly oneMinusBeta2: number
  readonly rootOneMinusBeta2: number
  readonly epsilon: number
  readonly weightDecay: number
  readonly updatesAllRows: number
  readonly isLazy: number
} {
  const isAdam = optimizer.kind === 'adam'
  const beta1 = isAdam ? optimizer.beta1 : 0
  const beta2 = isAdam ? optimizer.beta2 : 0
  // Plain gradient descent leaves rows without a gradient where they are.
  const isSparse = isLazy(optimizer) || (!isAdam && optimizer.weightDecay === 0)
  return {
    isAdam: isAdam ? 1 : 0,
    amsgrad: isAdam && optimizer.amsgrad ? 1 : 0,
    beta2,
    oneMinusBeta1: 1 - beta1,
    oneMinusBeta2: 1 - beta2,
    rootOneMinusBeta2: Math.sqrt(1 - beta2),
    epsilon: isAdam ? optimizer.epsilon : 0,
    weightDecay: optimizer.weightDecay,
    updatesAllRows: isSparse ? 0 : 1,
    isLazy: isLazy(optimizer) ? 1 : 0,
  }
}

/** Step size and inverse bias correction of optimizer step t (from 1), in double precision. */
export function stepScalars(
  optimizer: Optimizer,
  t: number,
): { readonly stepSize: number; readonly inverseCorrection: number } {
  if (optimizer.kind === 'sgd') return { stepSize: optimizer.learningRate, inverseCorrection: 1 }
  return {
    stepSize: optimizer.learningRate / (1 - Math.pow(optimizer.beta1, t)),
    inverseCorrection: 1 / Math.sqrt(1 - Math.pow(optimizer.beta2, t)),
  }
}
