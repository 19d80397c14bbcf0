import type { Matrix } from '@gradrec/engine'

/**
 * What every trained model comes down to here: a user's score for an item is the inner product of the user's row and the
 * item's. Evaluation and ranking see nothing else of it.
 */
export interface ScoringVectors {
  /** One row a user. */
  readonly users: Matrix
  /** One row an item, as wide as the users' rows: a multiple of 4. */
  readonly items: Matrix
}
