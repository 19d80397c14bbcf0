import { hostParts, memoryPlan, tableRows, type FitShape, type MemoryPlan } from '@gradrec/engine'

/** The arrays of a run in float64 that outlast a step; JavaScript has no limit for all of them together. */
export function oracleMemoryPlan(shape: FitShape): MemoryPlan {
  const { optimizer, recording = 'none', dimension } = shape
  const table = 8 * tableRows(shape) * dimension
  const moments = optimizer.kind === 'sgd' ? 0 : optimizer.amsgrad ? 3 : 2
  return memoryPlan({
    engine: 'oracle',
    parts: [
      { name: 'the embedding table', bytes: table },
      { name: 'the optimizer state', bytes: moments * table },
      { name: 'the recorded gradients', bytes: recording === 'none' ? 0 : 2 * table },
    ],
    host: hostParts(shape),
    limits: [],
    unknown: 'Steps make arrays of their own, which JavaScript collects.',
  })
}
