import { NO_ITEM, rowColumns, type Csr } from '@gradrec/engine'
import type { HeadAndTail, ListTotals } from '../metrics/listTotals.ts'
import type { ItemPopularity } from './itemPopularity.ts'

/** The lists behind an evaluation, with all that is needed to compute metrics of all lists together anew. */
export interface EvaluatedLists {
  /** Whose lists they are, ascending: a row each. */
  readonly users: Uint32Array
  /** Length of the lists. */
  readonly k: number
  /** users × k item numbers, best first; `NO_ITEM` where a user has fewer than k items left. */
  readonly items: Uint32Array
  /** Held-out items of all users of the data set. */
  readonly heldOut: Csr
  /** For each user the popular items that could have been listed. */
  readonly headCandidates: Uint32Array
  /** For each user the unpopular items that could have been listed. */
  readonly tailCandidates: Uint32Array
  readonly popularity: ItemPopularity
}

/** Two counts a user: 2n for popular items, 2n + 1 for unpopular ones. */
type Pairs = Uint32Array

/**
 * What every user adds to the totals of all lists, counted once, so that totals over other users, or over the same with weights,
 * are sums.
 */
export class ListTally {
  readonly #popularity: ItemPopularity
  /** The lists cut to k and without unfilled places: those of user n begin at `#begins[n]`. */
  readonly #items: Uint32Array
  readonly #begins: Uint32Array
  readonly #listed: Pairs
  readonly #hits: Pairs
  readonly #heldOut: Pairs
  readonly #candidates: Pairs

  /** @param k length that lists are cut to, at most that of `lists` */
  constructor(lists: EvaluatedLists, k: number) {
    if (k > lists.k) throw new RangeError(`the lists that were kept have ${lists.k} places, not ${k}`)
    const { users, items, heldOut, popularity } = lists
    const { isHead } = popularity
    this.#popularity = popularity
    this.#items = new Uint32Array(users.length * k)
    this.#begins = new Uint32Array(users.length + 1)
    this.#listed = new Uint32Array(2 * users.length)
    this.#hits = new Uint32Array(2 * users.length)
    this.#heldOut = new Uint32Array(2 * users.length)
    this.#candidates = new Uint32Array(2 * users.length)
    const stamps = new Uint32Array(isHead.length)
    let filled = 0
    for (let n = 0; n < users.length; n++) {
      for (const item of rowColumns(heldOut, users[n]!)) {
        stamps[item] = n + 1
        this.#heldOut[2 * n + 1 - isHead[item]!]!++
      }
      for (let place = n * lists.k; place < n * lists.k + k; place++) {
        const item = items[place]!
        if (item === NO_ITEM) break
        const at = 2 * n + 1 - isHead[item]!
        this.#listed[at]!++
        if (stamps[item] === n + 1) this.#hits[at]!++
        this.#items[filled++] = item
      }
      this.#begins[n + 1] = filled
      this.#candidates[2 * n] = lists.headCandidates[n]!
      this.#candidates[2 * n + 1] = lists.tailCandidates[n]!
    }
  }

  /** @param weights how often each user counts; once, unless given */
  totals(weights?: Uint8Array): ListTotals {
    const exposure = new Uint32Array(this.#popularity.counts.length)
    addExposure(exposure, this.#items, this.#begins, weights)
    const listed = weightedSums(this.#listed, weights)
    return {
      exposure,
      slots: listed.head + listed.tail,
      listed,
      hits: weightedSums(this.#hits, weights),
      heldOut: weightedSums(this.#heldOut, weights),
      candidates: weightedSums(this.#candidates, weights),
      popularity: this.#popularity,
    }
  }
}

function addExposure(
  exposure: Uint32Array,
  items: Uint32Array,
  begins: Uint32Array,
  weights: Uint8Array | undefined,
): void {
  for (let n = 0; n + 1 < begins.length; n++) {
    const weight = weights === undefined ? 1 : weights[n]!
    if (weight === 0) continue
    const end = begins[n + 1]!
    for (let place = begins[n]!; place < end; place++) exposure[items[place]!]! += weight
  }
}

function weightedSums(pairs: Pairs, weights: Uint8Array | undefined): HeadAndTail {
  let head = 0
  let tail = 0
  for (let n = 0; 2 * n < pairs.length; n++) {
    const weight = weights === undefined ? 1 : weights[n]!
    head += weight * pairs[2 * n]!
    tail += weight * pairs[2 * n + 1]!
  }
  return { head, tail }
}
