import { LONGEST_LIST } from '@gradrec/engine'
import type { ListHits } from './listHits.ts'

/** 1/log2(2 + rank) for every place a list can have. */
const DISCOUNTS: Float64Array = Float64Array.from({ length: LONGEST_LIST }, (_, rank) => 1 / Math.log2(2 + rank))

/** The gain of a list whose first n places are all hits, for n = 0 … 1,024. */
const PERFECT_GAINS: Float64Array = perfectGains()

/**
 * NDCG@k with binary relevance: Σ over hits of 1/log2(2 + rank), rank counted from 0, divided by the same sum for a list that
 * starts with as many held-out items as fit, min(k, |test_u|) of them (METHODS.md §3.8).
 */
export function ndcg({ ranks, hits, heldOut, k }: ListHits): number {
  let gained = 0
  for (let h = 0; h < hits; h++) gained += DISCOUNTS[ranks[h]!]!
  return gained / PERFECT_GAINS[Math.min(k, heldOut)]!
}

function perfectGains(): Float64Array {
  const gains = new Float64Array(LONGEST_LIST + 1)
  for (let n = 0; n < LONGEST_LIST; n++) gains[n + 1] = gains[n]! + DISCOUNTS[n]!
  return gains
}
