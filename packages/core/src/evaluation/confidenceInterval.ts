import type { Evaluation } from '../evaluate.ts'
import { isListsKey, isPerUserKey, metricValue, type MetricKey } from '../metrics/metric.ts'
import {
  percentileInterval,
  resampledKeys,
  resampledListsMetrics,
  resampledMeans,
  valuesPerUser,
  type BootstrapOptions,
  type Interval,
} from './bootstrap.ts'

/**
 * A percentile bootstrap interval over users for a metric of one model: how far its value depends on who happened to be in the
 * test. It says nothing about other training seeds, and two models' intervals may overlap where `compare` tells them apart.
 *
 * @throws RangeError for a metric that was not computed, or one of all lists together where lists were not kept
 */
export function confidenceInterval(
  evaluation: Evaluation,
  key: MetricKey,
  options: Omit<BootstrapOptions, 'metrics'> = {},
): Interval {
  return confidenceIntervals(evaluation, { ...options, metrics: [key] })[key]!
}

/** The same for many metrics at once, from the same resamples: the draws cost more than the means. */
export function confidenceIntervals(
  evaluation: Evaluation,
  options: BootstrapOptions = {},
): Readonly<Record<MetricKey, Interval>> {
  const keys = options.metrics ?? resampledKeys(evaluation)
  for (const key of keys) metricValue(evaluation.metrics, key)
  const perUserKeys = keys.filter(isPerUserKey)
  const columns = perUserKeys.map((key) => valuesPerUser(evaluation, key))
  const means = resampledMeans(columns, options)
  const ofLists = resampledListsMetrics(evaluation, keys.filter(isListsKey), options)
  const intervals: Record<MetricKey, Interval> = {}
  for (const key of keys) {
    const estimates = isPerUserKey(key) ? means[perUserKeys.indexOf(key)]! : ofLists[key]!
    intervals[key] = percentileInterval(estimates, options.level ?? 0.95)
  }
  return intervals
}
