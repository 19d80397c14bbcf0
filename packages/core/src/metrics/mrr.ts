import type { ListHits } from './listHits.ts'

/** MRR@k, of one list: 1 / (1 + rank of the first hit), rank counted from 0; 0 without a hit (ECOSYSTEM.md §5). */
export function reciprocalRank({ ranks, hits }: ListHits): number {
  return hits === 0 ? 0 : 1 / (1 + ranks[0]!)
}
