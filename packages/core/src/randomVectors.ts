import type { Dataset } from '@gradrec/data'
import { initialTable } from './initialTable.ts'
import type { ScoringVectors } from './scoringVectors.ts'

/** Wide enough that lists of users with similar vectors share few items. */
const DIMENSION = 32

/**
 * The recommender that knows nothing: random directions. Item rows have length 1 and users' directions are uniform, so every
 * item is as likely as any other to be in a list, and exposure is as even as chance allows.
 *
 * @param seed an integer from 0 to 2^53 − 1
 */
export function randomVectors(dataset: Dataset, seed: number): ScoringVectors {
  const users = dataset.users.size
  const items = dataset.items.size
  const table = initialTable({ users, items, dimension: DIMENSION }, { kind: 'normal', sd: 1 }, seed)
  const itemRows = table.subarray(users * DIMENSION)
  for (let i = 0; i < items; i++) {
    const row = itemRows.subarray(i * DIMENSION, (i + 1) * DIMENSION)
    const length = Math.hypot(...row)
    row.forEach((value, f) => (row[f] = value / length))
  }
  return {
    users: { rows: users, dimension: DIMENSION, values: table.slice(0, users * DIMENSION) },
    items: { rows: items, dimension: DIMENSION, values: itemRows.slice() },
  }
}
