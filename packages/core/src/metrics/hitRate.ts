/** HR@k: 1 for a list with at least one held-out item in it, else 0 (METHODS.md §3.8). */
export function hitRate(hitRanks: readonly number[], _heldOut: number, _k: number): number {
  return hitRanks.length > 0 ? 1 : 0
}
