import type { StepCounts } from '../stepCounts.ts'
import { lookedUp, streamed, together, WORD, type Work } from '../work.ts'

/** Bytes of a block of columns of one row: `BLOCK` in packages/kernels-wasm/assembly/spmm.ts. */
const BLOCK_BYTES = 128

/**
 * What users record in `score`, in WebAssembly: two rows of 4d are read and written for each of P slots, those of U users all in all; and
 * users are kept as they were scored, 4d P, for `recordItems`.
 *
 * Operations: 2d for the positive, d (K + 1) for the negatives' sum, scaled and added.
 */
export function recordUsers({ positives, negatives, dimension, touchedUsers, users }: StepCounts): Work {
  const rowBytes = WORD * dimension
  return together(
    lookedUp(positives, touchedUsers, 4 * rowBytes, 2 * rowBytes * users),
    streamed(rowBytes * positives, dimension * (negatives + 3) * positives),
  )
}

/**
 * What slots have set down for users that a step draws more than once, added up in WebAssembly when the row is updated: two rows of 4d
 * are read for each such slot, and two of the user's read and written.
 */
export function recordRepeatedUsers({ repeatedSlots, repeatedUsers, dimension, users }: StepCounts): Work {
  const rowBytes = WORD * dimension
  return together(
    lookedUp(repeatedSlots, repeatedUsers, 4 * rowBytes, 2 * rowBytes * users),
    streamed(2 * rowBytes * repeatedSlots, 2 * dimension * repeatedSlots),
  )
}

/**
 * `recordItems`, WebAssembly's: recorded[item] += weight · user for each of P (K + 1) occurrences of items, for several steps at once and
 * one block of columns after the other.
 *
 * Bytes: 4d of a recorded row read and written for each occurrence, or for each of the `recordedItems` that differ; kept users 4d P; numbers of rows and
 * coefficients, 4 P (K + 2) each. Operations: 2d for each occurrence.
 */
export function recordItems({ positives, negatives, dimension, recordedItems, items }: StepCounts): Work {
  const rowBytes = WORD * dimension
  const occurrences = positives * (negatives + 1)
  return together(
    lookedUp(occurrences, recordedItems, 2 * rowBytes, 2 * BLOCK_BYTES * items),
    streamed(rowBytes * positives + 2 * WORD * positives * (negatives + 2), 2 * dimension * occurrences),
  )
}

/**
 * What WebGPU's second half of a step records with the gradients: for users the sums of two rows that `score` wrote, for items two more
 * sums over their occurrences, then recorded rows of 4d read and written, two for a user, and for an item one for each of the two
 * that it occurs as.
 */
export function recordRuns(counts: StepCounts): Work {
  const { positives, negatives, dimension, touchedUsers, recordedItems } = counts
  const rowBytes = WORD * dimension
  const operations = dimension * (2 * positives + 4 * positives * (negatives + 1) + 2 * touchedUsers + recordedItems)
  return streamed(2 * rowBytes * positives + 2 * rowBytes * (2 * touchedUsers + recordedItems), operations)
}
