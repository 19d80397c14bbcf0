import type { ListHits } from './listHits.ts'

/**
 * MAP@k, of one list: the precision at each hit's place, summed over hits and divided by the most hits there can be,
 * min(k, |test_u|) (ECOSYSTEM.md §5). Others divide by |test_u|, or by the hits.
 */
export function averagePrecision({ ranks, hits, heldOut, k }: ListHits): number {
  let sum = 0
  for (let h = 0; h < hits; h++) sum += (h + 1) / (1 + ranks[h]!)
  return sum / Math.min(k, heldOut)
}
