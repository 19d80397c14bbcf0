import type { Corrections } from '@gradrec/engine'
import { DatasetError } from '../errors.ts'
import { number, type Method } from './method.ts'
import type { TrainedVectors } from './trainedVectors.ts'
import { withConstant } from './withConstant.ts'

export interface MacrOptions {
  /** α, 0 or more. */
  readonly itemWeight: number
  /** β, 0 or more. */
  readonly userWeight: number
}

/** Values of c that are tried: finely where trained scores are small, as far as the authors' 40 and beyond. */
const GRID = [0, 0.1, 0.2, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 25, 30, 35, 40, 45, 50]

/**
 * MACR (Wei et al., KDD 2021; METHODS.md §4.2): towers of user and item alone learn what popularity explains, and inference ranks by
 * (y − c) · ŷ_i · ŷ_u. The user's factor is one number for the whole list, so the matrices are [P, 1] and [ŷ_i Q, −c ŷ_i] with
 * ŷ_i = σ(q_i·w_item). c is not part of training: it is a dial.
 */
export const macr: Method<'macr', MacrOptions> = {
  kind: 'macr',
  summary: 'model-agnostic counterfactual reasoning (Wei et al., KDD 2021)',
  loss: 'bce',
  options: {
    itemWeight: number(1e-3, 'α, weight of the item tower’s loss'),
    userWeight: number(1e-3, 'β, weight of the user tower’s loss'),
  },
  dials: { c: { grid: GRID, description: 'reference score that is subtracted' } },
  training: ({ itemWeight, userWeight }, { l2 }) => ({ objective: { kind: 'macr', l2, itemWeight, userWeight } }),
  inference: (_, trained) => {
    const gate = itemGate(trained)
    const base = withConstant(trained.embeddings, gate, 0)
    return {
      base,
      vectors: ({ c = 0 }) => (c === 0 ? base : withConstant(trained.embeddings, gate, -c)),
      corrections: (settings): Corrections => ({
        items: { rows: gate.length, dimension: 1, values: gate },
        users: settings.map(({ c = 0 }) => {
          const { rows } = trained.embeddings.users
          return { rows, dimension: 1, values: new Float32Array(rows).fill(-c) }
        }),
      }),
      warnings: [],
    }
  },
}

/** ŷ_i = σ(q_i·w_item) of every item. */
function itemGate({ embeddings: { items }, parameters }: TrainedVectors): Float32Array {
  if (parameters === undefined) throw new DatasetError('the model has no towers; train it with method macr')
  const tower = parameters.values.subarray((parameters.rows - 1) * items.dimension)
  return Float32Array.from({ length: items.rows }, (_, item) => {
    let sum = 0
    for (let f = 0; f < items.dimension; f++) sum += items.values[item * items.dimension + f]! * tower[f]!
    return 1 / (1 + Math.exp(-sum))
  })
}
