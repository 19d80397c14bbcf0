import {
  csrFromPairs,
  philox4x32,
  rowColumns,
  tableRows,
  type AdamOptimizer,
  type Arms,
  type Csr,
  type FitSpec,
} from '@gradrec/engine'

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

/**
 * Interactions of two `Arms`, `users` × 2 `items`: both arms uneven in items, the treatment arm with half as many pairs. With users
 * `apart` the first half of the rows has those of the control arm and the second half those of the treatment arm; with shared ones
 * some have items of both arms and some of one only. The first row of each arm has none, and the last item of each arm no user.
 */
export function randomArms(usersOf: Arms['users'], users: number, items: number, pairs: number): Csr {
  const rows = usersOf === 'apart' ? users / 2 : users
  const rowOf: number[] = []
  const columnOf: number[] = []
  for (const [arm, count] of [pairs, Math.ceil(pairs / 2)].entries()) {
    const one = randomInteractions(rows, items, count, 2 + arm)
    const [firstRow, firstColumn] = [usersOf === 'apart' ? arm * rows : 0, arm * items]
    for (let user = 0; user < rows; user++) {
      for (const item of rowColumns(one, user)) {
        rowOf.push(firstRow + user)
        columnOf.push(firstColumn + item)
      }
    }
  }
  return csrFromPairs(rowOf, columnOf, users, 2 * items)
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

/** The table of `randomSpec`, 105 × 8, with a vector of zeros for users 3 to 9. */
export function usersOfZeros(): Float32Array {
  return randomValues(105 * 8, 77, 0.5).fill(0, 3 * 8, 10 * 8)
}
