import type { ItemPopularity } from '../evaluation/itemPopularity.ts'

/**
 * Mean popularity rank@k (LensKit `MeanPopRank`): the mean over users of the mean popularity quantile of the listed items. The
 * quantile of an item is its rank by training count among the items with any, from the least popular up (ties share the mean of
 * their ranks), divided by the number of such items: 1 for the most popular; 0 for items without interactions. Unlike ARP it
 * compares across data sets. Returns the value of each item.
 */
export function popularityRankOfItems({ counts }: ItemPopularity): Float64Array {
  const seen = counts.filter((count) => count > 0).sort()
  const quantiles = new Map<number, number>([[0, 0]])
  for (let begin = 0; begin < seen.length;) {
    const count = seen[begin]!
    let end = begin
    while (end < seen.length && seen[end] === count) end++
    // Ranks begin + 1 … end, of which each takes the mean.
    quantiles.set(count, (begin + 1 + end) / 2 / seen.length)
    begin = end
  }
  return Float64Array.from(counts, (count) => quantiles.get(count) ?? 0)
}
