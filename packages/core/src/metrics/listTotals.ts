import type { ItemPopularity } from '../evaluation/itemPopularity.ts'

/** A sum over the lists of all users, split by whether items are popular. */
export interface HeadAndTail {
  readonly head: number
  readonly tail: number
}

/** Sums over all users' top-k lists: all that a metric of the lists together looks at. */
export interface ListTotals {
  /** How many lists hold each item, the whole catalogue. */
  readonly exposure: Uint32Array
  /** Filled places of all lists: the sum of `exposure`. */
  readonly slots: number
  /** `slots` by the kind of the item. */
  readonly listed: HeadAndTail
  /** Held-out interactions found by lists. */
  readonly hits: HeadAndTail
  /** Held-out interactions. */
  readonly heldOut: HeadAndTail
  /** Pairs of a user and an item that could have been listed for that user. */
  readonly candidates: HeadAndTail
  readonly popularity: ItemPopularity
}
