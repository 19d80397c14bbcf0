import type { ListHits } from './listHits.ts'

/**
 * Recall@k: the share of a user's held-out items that are in the top-k list, hits / |test_u| (METHODS.md §3.8). With more
 * than k held-out items even a perfect list stays below 1.
 */
export function recall({ hits, heldOut }: ListHits): number {
  return hits / heldOut
}
