import { NO_ITEM, rowColumns } from '@gradrec/engine'
import type { EvaluatedLists } from '../evaluation/evaluatedLists.ts'
import { POPULARITY_GROUPS } from '../evaluation/itemPopularity.ts'

/** How one of the five popularity groups fares in lists. */
export interface PopularityGroup {
  /** Items in the group. */
  readonly items: number
  /** Recommended frequency: in how many lists an item of the group is, on average; 0 for an empty group. */
  readonly frequency: number
  /** Share of all places in lists that items of the group fill. */
  readonly share: number
  /** Recall@k of the group's held-out items, hits / held out, a mean over the users with any in the group; 0 without such. */
  readonly recall: number
  /** How many users that mean is over. */
  readonly users: number
}

/**
 * The paper's Figures 5 and 6: recommended frequency and Recall@k by popularity group, the most popular 5 % of the items first, the
 * least popular 80 % last (METHODS.md §2.3 P).
 *
 * @param k length that lists are cut to, at most that of `lists`
 */
export function popularityGroups(lists: EvaluatedLists, k: number): readonly PopularityGroup[] {
  if (k > lists.k) throw new RangeError(`the lists that were kept have ${lists.k} places, not ${k}`)
  const { groupOf, groupSizes, counts } = lists.popularity
  const slots = new Float64Array(POPULARITY_GROUPS)
  const recallSum = new Float64Array(POPULARITY_GROUPS)
  const recallUsers = new Float64Array(POPULARITY_GROUPS)
  const stamps = new Uint32Array(counts.length)
  const heldOut = new Uint32Array(POPULARITY_GROUPS)
  const hits = new Uint32Array(POPULARITY_GROUPS)
  for (let n = 0; n < lists.users.length; n++) {
    heldOut.fill(0)
    hits.fill(0)
    for (const item of rowColumns(lists.heldOut, lists.users[n]!)) {
      stamps[item] = n + 1
      heldOut[groupOf[item]!]!++
    }
    for (let place = n * lists.k; place < n * lists.k + k; place++) {
      const item = lists.items[place]!
      if (item === NO_ITEM) break
      slots[groupOf[item]!]!++
      if (stamps[item] === n + 1) hits[groupOf[item]!]!++
    }
    for (let group = 0; group < POPULARITY_GROUPS; group++) {
      if (heldOut[group] === 0) continue
      recallSum[group]! += hits[group]! / heldOut[group]!
      recallUsers[group]!++
    }
  }
  const allSlots = slots.reduce((sum, count) => sum + count, 0)
  return groupSizes.map((items, group) => ({
    items,
    frequency: slots[group]! / Math.max(1, items),
    share: slots[group]! / Math.max(1, allSlots),
    recall: recallSum[group]! / Math.max(1, recallUsers[group]!),
    users: recallUsers[group]!,
  }))
}
