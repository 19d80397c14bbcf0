import { columnCounts } from '@gradrec/engine'
import { headOf, type Dataset } from '@gradrec/data'

/** Groups of items by popularity in the paper's Figures 5 and 6. */
export const POPULARITY_GROUPS = 5

/** How popular items are in training: what the popularity metrics weigh lists against. */
export interface ItemPopularity {
  /** Training interactions of each item, which are its distinct users. */
  readonly counts: Uint32Array
  /** Users with training interactions. */
  readonly users: number
  /**
   * 1 for each item of the head: the most popular ones before that which reaches 80 % of the interactions (METHODS.md §2.3 M, the
   * paper's rule). Elliot and ECOSYSTEM.md §5 count that one in, which moves a single item. The rest are the tail.
   */
  readonly isHead: Uint8Array
  readonly headSize: number
  /**
   * The group of each item, 0 … 4: by count, descending (ties: the lower number first), groups 0 … 3 are successive 5 % of
   * the number of items, group 4 the rest (METHODS.md §2.3 P). Boundaries are rounded down, so small catalogues can have empty
   * groups.
   */
  readonly groupOf: Uint8Array
  /** Items in each group. */
  readonly groupSizes: readonly number[]
}

/** The popularity of a data set's items in its training part. */
export function itemPopularity(dataset: Dataset): ItemPopularity {
  const { train } = dataset.parts
  const counts = columnCounts(train)
  let users = 0
  for (let u = 0; u < train.rows; u++) if (train.rowPointer[u + 1]! > train.rowPointer[u]!) users++
  const head = headOf(counts)
  const order = Uint32Array.from(counts, (_, i) => i).sort((a, b) => counts[b]! - counts[a]! || a - b)
  const groupOf = new Uint8Array(counts.length)
  const groupSizes = Array.from({ length: POPULARITY_GROUPS }, () => 0)
  const last = POPULARITY_GROUPS - 1
  let begin = 0
  for (let group = 0; group <= last; group++) {
    const end = group === last ? counts.length : Math.floor(((group + 1) * counts.length) / 20)
    for (let place = begin; place < end; place++) groupOf[order[place]!] = group
    groupSizes[group] = end - begin
    begin = end
  }
  return { counts, users, isHead: head.isMember, headSize: head.size, groupOf, groupSizes }
}
