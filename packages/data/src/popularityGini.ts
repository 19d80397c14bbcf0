import { columnCounts, type Csr } from '@gradrec/engine'

/**
 * How unevenly interactions fall on items: the Gini coefficient of the items' counts, those of 0 included. 0 where every item
 * has as many, towards 1 where one has all; 0 for no interactions.
 *
 * G = 2 Σ k c₍ₖ₎ / (n Σ c) − (n + 1) / n, over the n items by ascending count c₍₁₎ ≤ … ≤ c₍ₙ₎
 */
export function popularityGini(matrix: Csr): number {
  const counts = columnCounts(matrix).sort()
  const total = matrix.columns.length
  if (total === 0) return 0
  const weighted = counts.reduce((sum, count, k) => sum + (k + 1) * count, 0)
  return (2 * weighted) / (counts.length * total) - (counts.length + 1) / counts.length
}
