import type { ItemPopularity } from '../evaluation/itemPopularity.ts'

/**
 * APLT@k, average percentage of long-tail items: the mean over users of the share of the user's list that is of the tail
 * (Elliot `APLT`; ECOSYSTEM.md §5). Returns the value of each item: 1 in the tail, 0 in the head.
 */
export function tailMembership({ isHead }: ItemPopularity): Float64Array {
  return Float64Array.from(isHead, (head) => 1 - head)
}
