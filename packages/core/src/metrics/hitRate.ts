import type { ListHits } from './listHits.ts'

/** HR@k: 1 for a list with at least one held-out item in it, else 0 (METHODS.md §3.8). */
export function hitRate({ hits }: ListHits): number {
  return hits > 0 ? 1 : 0
}
