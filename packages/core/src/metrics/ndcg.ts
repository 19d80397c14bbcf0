/**
 * NDCG@k with binary relevance: Σ over hits of 1/log2(2 + rank), rank counted from 0, divided by the same sum for a list that
 * starts with as many held-out items as fit, min(k, |test_u|) of them (METHODS.md §3.8).
 */
export function ndcg(hitRanks: readonly number[], heldOut: number, k: number): number {
  let gained = 0
  for (const rank of hitRanks) gained += 1 / Math.log2(2 + rank)
  let ideal = 0
  for (let rank = 0; rank < Math.min(k, heldOut); rank++) ideal += 1 / Math.log2(2 + rank)
  return gained / ideal
}
