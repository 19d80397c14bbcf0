import { csrFromPairs, keyOfSeed, normalPair, Stream, type Csr, type FitSpec } from '@gradrec/engine'

/**
 * A data set that can be learnt: two tastes, and each user has about two thirds of the items of their own. The last user and
 * the last item take part in nothing.
 */
export function twoTastes(users = 24, items = 18): Csr {
  const rowOf: number[] = []
  const columnOf: number[] = []
  for (let u = 0; u < users - 1; u++) {
    for (let i = 0; i < items - 1; i++) {
      if (u % 2 !== i % 2 || (u + i) % 3 === 0) continue
      rowOf.push(u)
      columnOf.push(i)
    }
  }
  return csrFromPairs(rowOf, columnOf, users, items)
}

/** A table of normal draws. */
export function normalTable(length: number, deviation: number, seed = 5): Float32Array {
  return Float32Array.from(
    { length },
    (_, at) => deviation * normalPair(at, 0, 0, Stream.initialisation, keyOfSeed(seed))[0],
  )
}

/** A run over `twoTastes` that takes milliseconds; `change` replaces fields. */
export function tinySpec(change: Partial<FitSpec> = {}): FitSpec {
  const dimension = change.dimension ?? 8
  const interactions = change.interactions ?? twoTastes()
  return {
    dimension,
    interactions,
    backbone: { kind: 'mf' },
    objective: { kind: 'bpr', l2: 1e-4 },
    sampler: { positives: 'interaction', negatives: 2 },
    optimizer: {
      kind: 'adam',
      learningRate: 0.02,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      amsgrad: false,
    },
    batch: 25,
    seed: 11,
    initialTable: normalTable((interactions.rows + interactions.columnCount) * dimension, 0.1),
    ...change,
  }
}
