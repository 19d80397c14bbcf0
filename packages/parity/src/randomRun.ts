import { csrFromPairs, philox4x32, tableRows, type AdamOptimizer, type Csr, type FitSpec } from '@gradrec/engine'

/** Numbers in [0, 1) that depend on nothing but their arguments. */
export function unit(n: number, stream: number): number {
  return philox4x32([n, 0, 0, stream], [11, 0])[0] / 4294967296
}

/** A random matrix with entries in [−scale, scale). */
export function randomValues(length: number, stream: number, scale = 1): Float32Array {
  return Float32Array.from({ length }, (_, n) => (unit(n, stream) * 2 - 1) * scale)
}

/** Interactions whose items are drawn very unevenly, so that some rows repeat many times in a batch; user 0 has none. */
export function randomInteractions(users: number, items: number, pairs: number, stream = 1): Csr {
  const rowOf: number[] = []
  const columnOf: number[] = []
  for (let n = 0; n < pairs; n++) {
    const draw = unit(n, stream + 1000)
    rowOf.push(1 + Math.floor(unit(n, stream) * (users - 1)))
    // The last item is never drawn: nobody has every item.
    columnOf.push(Math.floor(draw * draw * draw * (items - 1)))
  }
  return csrFromPairs(rowOf, columnOf, users, items)
}

/** Adam with PyTorch's defaults but for a larger learning rate, so that few steps move a table. */
export const ADAM: AdamOptimizer = {
  kind: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
}

/** A small run; any field can be replaced. */
export function randomSpec(changes: Partial<FitSpec> = {}): FitSpec {
  const interactions = changes.interactions ?? randomInteractions(60, 45, 500)
  const dimension = changes.dimension ?? 8
  const objective = changes.objective ?? { kind: 'bpr', l2: 0.01 }
  return {
    dimension,
    interactions,
    backbone: { kind: 'mf' },
    objective,
    sampler: { positives: 'interaction', negatives: 2 },
    optimizer: ADAM,
    batch: 64,
    seed: 2 ** 33 + 5,
    initialTable: randomValues(tableRows({ interactions, objective }) * dimension, 77, 0.5),
    ...changes,
  }
}
