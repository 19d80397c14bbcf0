import type { ListTotals } from './listTotals.ts'
import { relativeDeviation } from './relativeDeviation.ts'

/**
 * PopREO@k, ranking-based equal opportunity between head and tail (Zhu et al., SIGIR 2020; ECOSYSTEM.md §5): std / mean of r_head
 * and r_tail, with r_g = Σ_u |L_u ∩ T_u ∩ g| / Σ_u |T_u ∩ g|, the share of the group's held-out interactions that lists find.
 * Held-out items are never training items, so that T_u need not be taken without them. 0, equal, to 1; 0 where one group has
 * nothing held out.
 */
export function popReo({ hits, heldOut }: ListTotals): number {
  return relativeDeviation(hits, heldOut)
}
