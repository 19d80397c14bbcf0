import type { ListHits } from './listHits.ts'

/** Precision@k: the share of the list's k places that hold a held-out item, hits / k (ECOSYSTEM.md §5). */
export function precision({ hits, k }: ListHits): number {
  return hits / k
}
