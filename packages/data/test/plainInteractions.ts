import type { Csr } from '@gradrec/engine'
import type { Interactions } from '../src/index.ts'

/** Interactions as plain rows of outside ids, to compare with literals. */
export function plainRows(interactions: Interactions): (string | number)[][] {
  const { users, items, user, item, rating, time } = interactions
  return Array.from(user, (row, k) => [
    users.idOf(row),
    items.idOf(item[k]!),
    ...(rating === undefined ? [] : [rating[k]!]),
    ...(time === undefined ? [] : [time[k]!]),
  ])
}

/** The pairs of a matrix as `user,item` texts. */
export function plainPairs(matrix: Csr): string[] {
  return Array.from({ length: matrix.rows }, (_, row) =>
    Array.from(
      matrix.columns.subarray(matrix.rowPointer[row], matrix.rowPointer[row + 1]),
      (column) => `${row},${column}`,
    ),
  ).flat()
}
