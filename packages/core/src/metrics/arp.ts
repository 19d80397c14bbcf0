import type { ItemPopularity } from '../evaluation/itemPopularity.ts'

/**
 * ARP@k, average recommendation popularity: the mean over users of the mean training count of the items in the user's list
 * (RecBole `averagepopularity`, Elliot `ARP`; ECOSYSTEM.md §5). Returns the value of each item, its count.
 */
export function popularityOfItems({ counts }: ItemPopularity): Float64Array {
  return Float64Array.from(counts)
}
