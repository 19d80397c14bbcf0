import { METRICS, parseMetricKey, type ListsKey } from '../metrics/metric.ts'
import { ListTally, type EvaluatedLists } from './evaluatedLists.ts'

/** Metrics of all lists together. */
export function metricsOfLists(lists: EvaluatedLists, keys: readonly ListsKey[]): Readonly<Record<ListsKey, number>> {
  return new ListsMetrics(lists, keys).values()
}

/** Computes the same metrics of the same lists again and again, for users with changing weights. */
export class ListsMetrics {
  readonly #keys: readonly ListsKey[]
  /** By length: metrics of one length share their totals. */
  readonly #tallies = new Map<number, ListTally>()

  constructor(lists: EvaluatedLists, keys: readonly ListsKey[]) {
    this.#keys = keys
    for (const key of keys) {
      const { k } = parseMetricKey(key)
      if (!this.#tallies.has(k)) this.#tallies.set(k, new ListTally(lists, k))
    }
  }

  /** @param weights how often each user counts; once, unless given */
  values(weights?: Uint8Array): Readonly<Record<ListsKey, number>> {
    const totals = new Map([...this.#tallies].map(([k, tally]) => [k, tally.totals(weights)]))
    const values: Record<ListsKey, number> = {}
    for (const key of this.#keys) {
      const { name, k } = parseMetricKey(key)
      const metric = METRICS[name]
      const ofLength = totals.get(k)
      if (metric.kind === 'lists' && ofLength) values[key] = metric.of(ofLength)
    }
    return values
  }
}
