import { csrFromPairs, philox4x32, type FitSpec } from '@gradrec/engine'

/** Two runs small enough for a software driver in a page; no test library is imported, since this runs in one. */
export function smallRuns(): [string, FitSpec][] {
  const [users, items, pairs, dimension] = [60, 45, 500, 16]
  const unit = (n: number, stream: number): number => philox4x32([n, 0, 0, stream], [11, 0])[0] / 4294967296
  const rowOf = Array.from({ length: pairs }, (_, n) => Math.floor(unit(n, 1) * users))
  const columnOf = Array.from({ length: pairs }, (_, n) => Math.floor(unit(n, 2) ** 2 * (items - 1)))
  const adam = {
    kind: 'adam',
    learningRate: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    amsgrad: false,
  } as const
  const shared = {
    dimension,
    interactions: csrFromPairs(rowOf, columnOf, users, items),
    objective: { kind: 'bpr', l2: 0.01 },
    sampler: { positives: 'interaction', negatives: 2 },
    batch: 64,
    seed: 5,
    initialTable: Float32Array.from({ length: (users + items) * dimension }, (_, n) => unit(n, 3) - 0.5),
  } as const
  return [
    ['mf', { ...shared, backbone: { kind: 'mf' }, optimizer: { ...adam, update: 'lazy' } }],
    ['lgn', { ...shared, backbone: { kind: 'lgn', layers: 2 }, optimizer: adam }],
  ]
}
