import { NO_ITEM } from '@gradrec/engine'
import { METRICS, parseMetricKey, type PerUserKey } from '../metrics/metric.ts'
import type { ListHits } from '../metrics/listHits.ts'
import type { ItemPopularity } from './itemPopularity.ts'

/** A list cut to one of the lengths that metrics ask for. One object, overwritten list after list. */
interface CutList extends ListHits {
  hits: number
  heldOut: number
  /** Places that hold an item, k at most. */
  filled: number
}

interface ScoredMetric {
  readonly list: CutList
  of(list: ListHits): number
}

interface AveragedValue {
  readonly list: CutList
  readonly valueOfItem: Float64Array
}

/**
 * Scores lists by per-user metrics, one list after the other, without allocating: a search of debiasing strengths scores
 * millions. Held-out items are found by a stamp per item, which costs one look-up a place.
 *
 * @example
 * scorer.startUser(heldOutItems)
 * scorer.score(ranking.items, row * ranking.k) // then read scorer.values
 */
export class ListScorer {
  /** What the latest list scored, parallel to the keys; overwritten by the next. */
  readonly values: Float64Array
  /** Length of the longest list that a key asks for: what to rank. */
  readonly longest: number
  /** Whether a key asks for something that lists have without held-out items too. */
  readonly looksAtItems: boolean
  readonly #metrics: readonly (ScoredMetric | AveragedValue)[]
  /** By length, the longest first, so that later ones can stop where earlier ones did. */
  readonly #lists: readonly CutList[]
  readonly #ranks: Uint32Array
  /** For each item the latest user it was held out for, counted from 1. */
  readonly #stamps: Uint32Array
  #stamp = 0
  #heldOut = 0

  constructor(keys: readonly PerUserKey[], popularity: ItemPopularity) {
    const parsed = keys.map(parseMetricKey)
    const lengths = [...new Set(parsed.map(({ k }) => k))].sort((a, b) => b - a)
    this.longest = lengths[0] ?? 0
    this.#ranks = new Uint32Array(this.longest)
    this.#lists = lengths.map((k) => ({ ranks: this.#ranks, hits: 0, heldOut: 0, filled: 0, k }))
    this.#stamps = new Uint32Array(popularity.counts.length)
    this.values = new Float64Array(keys.length)
    this.#metrics = parsed.map(({ name, k }) => {
      const list = this.#lists[lengths.indexOf(k)]!
      const metric = METRICS[name]
      if (metric.kind === 'lists') throw new RangeError(`${name} is a metric of all lists together, not of one user's`)
      return metric.kind === 'accuracy' ? { list, of: metric.of } : { list, valueOfItem: metric.valuesOf(popularity) }
    })
    this.looksAtItems = parsed.some(({ name }) => METRICS[name].kind === 'itemMean')
  }

  /** Says whose lists come next, by the user's held-out items. Without any, accuracy is 0. */
  startUser(heldOut: Uint32Array): void {
    this.#stamp++
    this.#heldOut = heldOut.length
    for (let n = 0; n < heldOut.length; n++) this.#stamps[heldOut[n]!] = this.#stamp
  }

  /** Scores the list that begins at `begin`: `longest` places, those beyond its end filled with `NO_ITEM`. */
  score(items: Uint32Array, begin: number): void {
    this.#findHits(items, begin)
    for (let m = 0; m < this.#metrics.length; m++) {
      const metric = this.#metrics[m]!
      if ('of' in metric) this.values[m] = this.#heldOut === 0 ? 0 : metric.of(metric.list)
      else this.values[m] = meanValue(metric.valueOfItem, items, begin, metric.list.filled)
    }
  }

  #findHits(items: Uint32Array, begin: number): void {
    let hits = 0
    let filled = 0
    for (; filled < this.longest; filled++) {
      const item = items[begin + filled]!
      if (item === NO_ITEM) break
      if (this.#stamps[item] === this.#stamp) this.#ranks[hits++] = filled
    }
    for (const list of this.#lists) {
      while (hits > 0 && this.#ranks[hits - 1]! >= list.k) hits--
      list.hits = hits
      list.heldOut = this.#heldOut
      list.filled = Math.min(filled, list.k)
    }
  }
}

function meanValue(valueOfItem: Float64Array, items: Uint32Array, begin: number, filled: number): number {
  if (filled === 0) return 0
  let sum = 0
  for (let place = begin; place < begin + filled; place++) sum += valueOfItem[items[place]!]!
  return sum / filled
}
