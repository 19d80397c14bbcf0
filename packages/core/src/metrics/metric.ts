import { hitRate } from './hitRate.ts'
import { ndcg } from './ndcg.ts'
import { recall } from './recall.ts'

/**
 * How good one user's list is.
 *
 * @param hitRanks places (0 first) of the user's held-out items in the list, ascending, each below `k`
 * @param heldOut how many items were held out for the user, at least 1
 * @param k length of the list
 * @returns a number from 0 to 1
 */
export type Metric = (hitRanks: readonly number[], heldOut: number, k: number) => number

/** Every accuracy metric by its name. */
export const METRICS: Readonly<Record<MetricName, Metric>> = { recall, hitRate, ndcg }

export type MetricName = 'recall' | 'hitRate' | 'ndcg'

/** A metric with the length of its list, such as `recall@20`. */
export type MetricKey = `${MetricName}@${number}`

/** Metric names in the order that tables show them. */
export const METRIC_NAMES: readonly MetricName[] = ['recall', 'hitRate', 'ndcg']

/** How people write a metric: `Recall@20`, `HR@20`, `NDCG@20`. */
export function metricLabel(key: MetricKey): string {
  const labels: Record<MetricName, string> = { recall: 'Recall', hitRate: 'HR', ndcg: 'NDCG' }
  const { name, k } = parseMetricKey(key)
  return `${labels[name]}@${k}`
}

/** Takes a metric's key apart. Throws a `RangeError` for text that is no such key: see `isMetricKey`. */
export function parseMetricKey(key: MetricKey): { readonly name: MetricName; readonly k: number } {
  if (!isMetricKey(key)) throw new RangeError(`"${String(key)}" is no metric; expected one such as recall@20`)
  const at = key.indexOf('@')
  return { name: key.slice(0, at) as MetricName, k: Number(key.slice(at + 1)) }
}

/** Whether a text names a metric and the length of its list. */
export function isMetricKey(text: string): text is MetricKey {
  const [name, k, ...rest] = text.split('@')
  return rest.length === 0 && name !== undefined && Object.hasOwn(METRICS, name) && /^[1-9]\d*$/.test(k ?? '')
}

/** A metric's value in a set of means. Throws a `RangeError` for one that was not computed. */
export function metricValue(metrics: Readonly<Record<MetricKey, number>>, key: MetricKey): number {
  const value = metrics[key]
  if (value === undefined) throw new RangeError(`${key} was not computed; there is ${Object.keys(metrics).join(', ')}`)
  return value
}
