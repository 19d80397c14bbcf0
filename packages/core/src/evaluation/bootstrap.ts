import { isPerUserKey, metricValue, type ListsKey, type MetricKey, type PerUserKey } from '../metrics/metric.ts'
import type { Evaluation } from '../evaluate.ts'
import { BootstrapWeights } from './bootstrapWeights.ts'
import { mean } from './mean.ts'
import { ListsMetrics } from './metricsOfLists.ts'

export interface BootstrapOptions {
  /** Default: all that the evaluations have; metrics of all lists together only where lists were kept. */
  readonly metrics?: readonly MetricKey[]
  /** Resamples for per-user metrics; default 10,000. */
  readonly resamples?: number
  /** Resamples for metrics of all lists together, which are computed anew for each; default 1,000. */
  readonly listsResamples?: number
  /** Level of the interval; default 0.95. */
  readonly level?: number
  /** Decides all draws: an integer from 0 to 2^53 − 1; default 1. */
  readonly seed?: number
}

/** A percentile interval. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Means of columns in bootstrap resamples of users, all columns over the same users: a column of differences between two models is
 * what makes a comparison paired. Costs a draw and, for each column, a multiplication a user and resample.
 *
 * @param columns a value per user each, all as long
 * @returns for each column its mean in each resample
 */
export function resampledMeans(
  columns: readonly Float64Array[],
  { resamples = 10_000, seed = 1 }: BootstrapOptions,
): readonly Float64Array[] {
  const draws = new BootstrapWeights(columns[0]?.length ?? 0, seed)
  const means = columns.map(() => new Float64Array(resamples))
  if (columns.length === 0) return means
  for (let resample = 0; resample < resamples; resample++) {
    const sum = Math.max(1, draws.draw(resample))
    for (let c = 0; c < columns.length; c++) means[c]![resample] = dot(draws.weights, columns[c]!) / sum
  }
  return means
}

/**
 * Metrics of all lists together in bootstrap resamples of users, computed anew for each, which is a walk through every list. Same
 * seed, same users: evaluations can be compared resample by resample.
 *
 * A resample holds only two thirds of the users, some several times, so that it covers fewer items and exposes them less evenly
 * than as many different users would. Estimates are therefore moved to have their mean at the metric's value: they say how it
 * varies, not where it is. (An interval can reach a little beyond the metric's range.)
 *
 * @throws RangeError where the evaluation did not keep its lists
 */
export function resampledListsMetrics(
  { lists, metrics }: Evaluation,
  keys: readonly ListsKey[],
  { listsResamples = 1_000, seed = 1 }: BootstrapOptions,
): Readonly<Record<ListsKey, Float64Array>> {
  if (keys.length === 0) return {}
  if (lists === undefined) throw new RangeError(`${keys[0]} is of all lists together; evaluate with keepLists: true`)
  const draws = new BootstrapWeights(lists.users.length, seed)
  const computed = new ListsMetrics(lists, keys)
  const estimates: Record<ListsKey, Float64Array> = {}
  for (const key of keys) estimates[key] = new Float64Array(listsResamples)
  for (let resample = 0; resample < listsResamples; resample++) {
    draws.draw(resample)
    const values = computed.values(draws.weights)
    for (const key of keys) estimates[key]![resample] = values[key]!
  }
  for (const key of keys) {
    const moved = metricValue(metrics, key) - mean(estimates[key]!)
    estimates[key] = estimates[key]!.map((value) => value + moved)
  }
  return estimates
}

/** The middle `level` of some estimates, between the order statistics nearest outside. */
export function percentileInterval(estimates: Float64Array, level: number): Interval {
  const ascending = estimates.slice().sort()
  const outside = ((1 - level) / 2) * (ascending.length - 1)
  return { low: ascending[Math.floor(outside)] ?? 0, high: ascending[ascending.length - 1 - Math.floor(outside)] ?? 0 }
}

/** A metric's value for every user. @throws RangeError where it was not computed */
export function valuesPerUser(evaluation: Evaluation, key: PerUserKey): Float64Array {
  const values = evaluation.perUser[key]
  if (values !== undefined) return values
  throw new RangeError(`${key} was not computed; there is ${Object.keys(evaluation.perUser).join(', ')}`)
}

/** The metrics of an evaluation that can be resampled. */
export function resampledKeys(evaluation: Evaluation): readonly MetricKey[] {
  return (Object.keys(evaluation.metrics) as MetricKey[]).filter((key) => isPerUserKey(key) || evaluation.lists)
}

function dot(weights: Uint8Array, values: Float64Array): number {
  let sum = 0
  for (let n = 0; n < values.length; n++) sum += weights[n]! * values[n]!
  return sum
}
