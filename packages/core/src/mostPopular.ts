import { columnCounts } from '@gradrec/engine'
import type { Dataset } from '@gradrec/data'
import type { ScoringVectors } from './scoringVectors.ts'

/** The narrowest row that engines take. */
const DIMENSION = 4

/**
 * The recommender to beat: everyone gets the items with most training interactions (ties: the lower item number), except
 * those the user already has. User rows are [1, 0, 0, 0], item rows [count, 0, 0, 0]; counts are exact up to 2^24.
 */
export function mostPopular(dataset: Dataset): ScoringVectors {
  const counts = columnCounts(dataset.parts.train)
  const users = new Float32Array(dataset.users.size * DIMENSION)
  for (let u = 0; u < dataset.users.size; u++) users[u * DIMENSION] = 1
  const items = new Float32Array(dataset.items.size * DIMENSION)
  for (let i = 0; i < dataset.items.size; i++) items[i * DIMENSION] = counts[i]!
  return {
    users: { rows: dataset.users.size, dimension: DIMENSION, values: users },
    items: { rows: dataset.items.size, dimension: DIMENSION, values: items },
  }
}
