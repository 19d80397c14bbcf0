import type { StepCounts } from '../stepCounts.ts'
import { lookedUp, streamed, together, WORD, type Work } from '../work.ts'
import { recordUsers } from './recording.ts'

/**
 * `score`, the first half of a step: P (K + 1) products of rows, their slopes, and each user's gradient.
 *
 * Bytes: R rows of 4d, of the table or for LightGCN of what the last layer left, looked up P (K + 2) times, each counted once a triple although products and gradients both read it; numbers of rows and
 * coefficients, 4 P (K + 2) each; users as they were scored and their gradients, 4d each; a loss for each positive.
 *
 * Operations: 2d (K + 1) for the products and d (2K + 1) for the gradient of each positive; with users of length one 6d more for the length
 * and what goes through it. With recording `recordUsers` comes in addition.
 */
export function score(counts: StepCounts): Work {
  const { positives, negatives, dimension, touchedRows, rows, layers, unitUsers } = counts
  const rowBytes = WORD * dimension
  const places = positives * (negatives + 2)
  const perPositive = dimension * (2 * (negatives + 1) + 2 * negatives + 1 + (unitUsers ? 6 : 0))
  return together(
    lookedUp(places, touchedRows, rowBytes, (layers === 0 ? rows : touchedRows) * rowBytes),
    streamed(2 * WORD * places + 2 * rowBytes * positives + WORD * positives, perPositive * positives),
  )
}

/** In WebAssembly users record while their items are in the cache. */
export function scoreWasm(counts: StepCounts): Work {
  return counts.records ? together(score(counts), recordUsers(counts)) : score(counts)
}

/**
 * On WebGPU a slot writes down what its user records, two rows of 4d, for the second half of the step to add.
 *
 * Operations: d for the positive, 2d K for the negatives.
 */
export function scoreWebGpu(counts: StepCounts): Work {
  if (!counts.records) return score(counts)
  const { positives, negatives, dimension } = counts
  return together(
    score(counts),
    streamed(2 * WORD * dimension * positives, dimension * (2 * negatives + 1) * positives),
  )
}
