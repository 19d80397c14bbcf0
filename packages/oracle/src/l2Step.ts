import type { Samples } from './sampleStep.ts'
import { tripleRows } from './tripleRows.ts'

/** The L2 penalty of a step and its gradient by the whole table. */
export interface L2Step {
  readonly penalty: number
  /** As large as the table. */
  readonly gradient: Float64Array
}

/**
 * The penalty l2 · ½(‖p_u‖² + ‖q_i‖² + ‖q_j‖²), averaged over a step's count · K triples. `table` is the trained one: with
 * LightGCN the ego embeddings, not the propagated ones (METHODS.md §4.3). A row counts once for each triple it is in, so a
 * slot's user and positive count K times; each time adds l2 / (count · K) · row to the row's gradient.
 *
 * @param table users first, then items; rows after those (MACR's towers) are not penalised
 */
export function l2Step(
  table: Float64Array,
  samples: Samples,
  options: { readonly users: number; readonly dimension: number; readonly l2: number },
): L2Step {
  const { users, dimension, l2 } = options
  const rows = tripleRows(samples, users)
  const triples = rows.negatives.length
  const perPositive = triples / rows.users.length
  const gradient = new Float64Array(table.length)
  let squares = 0
  for (let t = 0; t < triples; t++) {
    const slot = Math.floor(t / perPositive)
    for (const row of [rows.users[slot]!, rows.positives[slot]!, rows.negatives[t]!]) {
      for (let at = row * dimension; at < (row + 1) * dimension; at++) {
        squares += table[at]! * table[at]!
        gradient[at]! += (l2 / triples) * table[at]!
      }
    }
  }
  return { penalty: (l2 * squares) / 2 / triples, gradient }
}
