import { expect } from 'vitest'
import { checkFitSpec, csrFromPairs, SpecError, type FitSpec, type Optimizer } from '../src/index.ts'

export const adam: Extract<Optimizer, { readonly kind: 'adam' }> = {
  kind: 'adam',
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
}

/** Two users, three items, three interactions. */
export const good: FitSpec = {
  dimension: 4,
  interactions: csrFromPairs([0, 0, 1], [0, 2, 1], 2, 3),
  backbone: { kind: 'mf' },
  objective: { kind: 'bpr', l2: 0 },
  sampler: { positives: 'interaction', negatives: 1 },
  optimizer: adam,
  batch: 2,
  seed: 1,
  initialTable: new Float32Array(20),
}

/** What `checkFitSpec` says against a change of the good spec. */
export function complaint(change: Partial<FitSpec>): string {
  try {
    checkFitSpec({ ...good, ...change })
  } catch (error) {
    expect(error).toBeInstanceOf(SpecError)
    return (error as SpecError).message
  }
  return 'none'
}
