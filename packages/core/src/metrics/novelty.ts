import type { ItemPopularity } from '../evaluation/itemPopularity.ts'

/**
 * Novelty@k, mean inverse user frequency: the mean over users of the mean −log2(users(i) / U) of the listed items, users(i) being
 * those with item i in training and U all users with training interactions. Items without interactions count as with one user
 * (RecTools `MeanInvUserFreq`; ECOSYSTEM.md §5). Bits. Returns the value of each item.
 */
export function surpriseOfItems({ counts, users }: ItemPopularity): Float64Array {
  return Float64Array.from(counts, (count) => Math.log2(Math.max(1, users) / Math.max(1, count)))
}
