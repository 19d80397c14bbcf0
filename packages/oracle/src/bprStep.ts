import { bprGradients } from './bprGradients.ts'
import { gather } from './gather.ts'
import type { Samples } from './sampleStep.ts'
import { scatterAdd } from './scatterAdd.ts'
import { tripleRows } from './tripleRows.ts'

/** The data loss of a step and its gradient by the whole table. */
export interface BprStep {
  /** Sum (not mean) of −ln σ(x) over the count · K triples. */
  readonly lossSum: number
  readonly triples: number
  /** count × K: −σ(−x) / (count · K). */
  readonly coefficients: Float64Array
  /** Gradient of the mean loss: (users + items) × dimension. */
  readonly gradient: Float64Array
}

/**
 * The mean BPR loss over a step's count · K triples, scored with the rows of `table`: gather, `bprGradients`, scatter-add.
 * The L2 penalty is apart, in `l2Step`.
 *
 * @param table (users + items) × dimension, users first
 */
export function bprStep(
  table: Float64Array,
  samples: Samples,
  options: { readonly users: number; readonly dimension: number },
): BprStep {
  const { users, dimension } = options
  const rows = tripleRows(samples, users)
  const batch = bprGradients(
    gather(table, rows.users, dimension),
    gather(table, rows.positives, dimension),
    gather(table, rows.negatives, dimension),
    dimension,
  )
  const gradient = new Float64Array(table.length)
  scatterAdd(gradient, rows.users, batch.users, dimension)
  scatterAdd(gradient, rows.positives, batch.positives, dimension)
  scatterAdd(gradient, rows.negatives, batch.negatives, dimension)
  return { lossSum: batch.lossSum, triples: rows.negatives.length, coefficients: batch.coefficients, gradient }
}
