import type { ListTotals } from './listTotals.ts'
import { relativeDeviation } from './relativeDeviation.ts'

/**
 * PopRSP@k, ranking-based statistical parity between head and tail (Zhu et al., SIGIR 2020; ECOSYSTEM.md §5): std / mean of
 * r_head and r_tail, with r_g = Σ_u |L_u ∩ g| / Σ_u |g ∖ H_u|, the share of the items that could be listed for a user that are.
 * H_u is what lists leave out: training items, and validation items where those are masked. 0, equal, to 1; 0 where nothing of
 * one group could be listed.
 */
export function popRsp({ listed, candidates }: ListTotals): number {
  return relativeDeviation(listed, candidates)
}
