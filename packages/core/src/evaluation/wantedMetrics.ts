import {
  ACCURACY_METRIC_NAMES,
  METRIC_NAMES,
  PAPER_METRIC_NAMES,
  parseMetricKey,
  type MetricKey,
  type MetricName,
} from '../metrics/metric.ts'

/** Which metrics, and on lists of which length: a set of them at one or several lengths, or one by one. */
export type WantedMetrics =
  | {
      /** Length of the lists, or several lengths at once: each 1 … 1,024. */
      readonly k: number | readonly number[]
      /**
       * `paper`: Recall, HR and NDCG; `accuracy`: these and Precision, MRR and MAP; `all`: these and those of popularity and
       * exposure. Default `paper`.
       */
      readonly metrics?: MetricSet
    }
  | {
      /** Such as `['recall@20', 'gini@20']`, at least one. */
      readonly metrics: readonly MetricKey[]
      readonly k?: never
    }

export type MetricSet = 'paper' | 'accuracy' | 'all'

const SETS: Readonly<Record<MetricSet, readonly MetricName[]>> = {
  paper: PAPER_METRIC_NAMES,
  accuracy: ACCURACY_METRIC_NAMES,
  all: METRIC_NAMES,
}

/** The keys of the wanted metrics, each once. @throws RangeError where there are none, or one is no metric */
export function wantedKeys(wanted: WantedMetrics): readonly MetricKey[] {
  const keys = wanted.k !== undefined ? keysOfSet(wanted.metrics ?? 'paper', wanted.k) : wanted.metrics
  if (keys.length === 0) throw new RangeError('no metric is asked for; expected at least one, such as recall@20')
  for (const key of keys) parseMetricKey(key)
  return [...new Set(keys)]
}

function keysOfSet(set: MetricSet, k: number | readonly number[]): readonly MetricKey[] {
  const lengths = typeof k === 'number' ? [k] : k
  return lengths.flatMap((length) => SETS[set].map((name) => `${name}@${length}` as const))
}
