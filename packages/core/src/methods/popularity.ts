import { columnCounts, type Csr } from '@gradrec/engine'

/** How often users and items occur in interactions. */
export interface Popularity {
  readonly users: Uint32Array
  readonly items: Uint32Array
}

/** Counts a users × items matrix. */
export function popularityIn(interactions: Csr): Popularity {
  const { rows, rowPointer } = interactions
  return {
    users: Uint32Array.from({ length: rows }, (_, user) => rowPointer[user + 1]! - rowPointer[user]!),
    items: columnCounts(interactions),
  }
}
