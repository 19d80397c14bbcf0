import type { Csr } from './csr.ts'

/** Items by popularity, as `PopularityMargin` draws them. */
export interface PopularityOrder {
  /** Item numbers, the least popular first; ties by item number. */
  readonly items: Uint32Array
  /** Their counts, ascending. */
  readonly counts: Uint32Array
  /** For every interaction, user by user, the places of the user's items in `items`, ascending within a user. */
  readonly owned: Uint32Array
}

/** Sorts items, and every user's items, by popularity. */
export function popularityOrder(popularity: Uint32Array, interactions: Csr): PopularityOrder {
  const items = Uint32Array.from(popularity, (_, item) => item).sort((a, b) => popularity[a]! - popularity[b]! || a - b)
  const place = new Uint32Array(items.length)
  for (const [at, item] of items.entries()) place[item] = at
  const owned = Uint32Array.from(interactions.columns, (item) => place[item]!)
  for (let user = 0; user < interactions.rows; user++) {
    owned.subarray(interactions.rowPointer[user], interactions.rowPointer[user + 1]).sort()
  }
  return { items, counts: items.map((item) => popularity[item]!), owned }
}

/**
 * ⌊M⌋ in an epoch (from 0). Counts are whole, so c_j > c_i + M is c_j > c_i + ⌊M⌋, and c_j < c_i − M is c_j < c_i − ⌊M⌋.
 */
export function wholeMargin(
  { margin, decay }: { readonly margin: number; readonly decay: number },
  epoch: number,
): number {
  return Math.floor(margin * decay ** epoch)
}
