import type { ItemPopularity } from '../evaluation/itemPopularity.ts'
import { tailMembership } from './aplt.ts'
import { popularityOfItems } from './arp.ts'
import { entropy, normalisedEntropy } from './entropy.ts'
import { gini } from './gini.ts'
import { hitRate } from './hitRate.ts'
import { itemCoverage } from './itemCoverage.ts'
import type { ListHits } from './listHits.ts'
import type { ListTotals } from './listTotals.ts'
import { averagePrecision } from './map.ts'
import { reciprocalRank } from './mrr.ts'
import { ndcg } from './ndcg.ts'
import { surpriseOfItems } from './novelty.ts'
import { popReo } from './popReo.ts'
import { popRsp } from './popRsp.ts'
import { popularityRankOfItems } from './popularityRank.ts'
import { precision } from './precision.ts'
import { recall } from './recall.ts'
import { tailCoverage } from './tailCoverage.ts'

interface MetricFacts {
  /** How people write it. */
  readonly label: string
  /**
   * Which way is better. For metrics of popularity and exposure: which way is less biased, whatever it costs in accuracy.
   */
  readonly better: 'higher' | 'lower'
}

/** How well one user's list finds the user's held-out items, 0 … 1; means are over users. */
export interface AccuracyMetric extends MetricFacts {
  readonly kind: 'accuracy'
  of(list: ListHits): number
}

/** The mean of some value over the items of one user's list (0 for an empty list); means are over users. */
export interface ItemMeanMetric extends MetricFacts {
  readonly kind: 'itemMean'
  /** The value of every item. */
  valuesOf(popularity: ItemPopularity): Float64Array
}

/** Something about all lists together: no user has a value of it, so that a bootstrap has to compute it anew. */
export interface ListsMetric extends MetricFacts {
  readonly kind: 'lists'
  of(totals: ListTotals): number
}

export type Metric = AccuracyMetric | ItemMeanMetric | ListsMetric

export type AccuracyName = 'recall' | 'hitRate' | 'ndcg' | 'precision' | 'mrr' | 'map'
/** Metrics that every user has a value of. */
export type PerUserName = AccuracyName | 'arp' | 'popularityRank' | 'aplt' | 'novelty'
/** Metrics of all lists together. */
export type ListsName = 'itemCoverage' | 'tailCoverage' | 'gini' | 'entropy' | 'normalisedEntropy' | 'popReo' | 'popRsp'
export type MetricName = PerUserName | ListsName

/** A metric with the length of its lists, such as `recall@20` or `gini@20`. */
export type MetricKey = `${MetricName}@${number}`
export type AccuracyKey = `${AccuracyName}@${number}`
export type PerUserKey = `${PerUserName}@${number}`
export type ListsKey = `${ListsName}@${number}`

const ACCURACY_METRICS: Readonly<Record<AccuracyName, AccuracyMetric>> = {
  recall: { kind: 'accuracy', label: 'Recall', better: 'higher', of: recall },
  hitRate: { kind: 'accuracy', label: 'HR', better: 'higher', of: hitRate },
  ndcg: { kind: 'accuracy', label: 'NDCG', better: 'higher', of: ndcg },
  precision: { kind: 'accuracy', label: 'Precision', better: 'higher', of: precision },
  mrr: { kind: 'accuracy', label: 'MRR', better: 'higher', of: reciprocalRank },
  map: { kind: 'accuracy', label: 'MAP', better: 'higher', of: averagePrecision },
}

const PER_USER_METRICS: Readonly<Record<PerUserName, AccuracyMetric | ItemMeanMetric>> = {
  ...ACCURACY_METRICS,
  arp: { kind: 'itemMean', label: 'ARP', better: 'lower', valuesOf: popularityOfItems },
  popularityRank: { kind: 'itemMean', label: 'PopRank', better: 'lower', valuesOf: popularityRankOfItems },
  aplt: { kind: 'itemMean', label: 'APLT', better: 'higher', valuesOf: tailMembership },
  novelty: { kind: 'itemMean', label: 'Novelty', better: 'higher', valuesOf: surpriseOfItems },
}

const LISTS_METRICS: Readonly<Record<ListsName, ListsMetric>> = {
  itemCoverage: { kind: 'lists', label: 'Coverage', better: 'higher', of: itemCoverage },
  tailCoverage: { kind: 'lists', label: 'TailCoverage', better: 'higher', of: tailCoverage },
  gini: { kind: 'lists', label: 'Gini', better: 'lower', of: gini },
  entropy: { kind: 'lists', label: 'Entropy', better: 'higher', of: entropy },
  normalisedEntropy: { kind: 'lists', label: 'NormEntropy', better: 'higher', of: normalisedEntropy },
  popReo: { kind: 'lists', label: 'PopREO', better: 'lower', of: popReo },
  popRsp: { kind: 'lists', label: 'PopRSP', better: 'lower', of: popRsp },
}

/** Every metric by its name. */
export const METRICS: Readonly<
  Record<AccuracyName, AccuracyMetric> &
    Record<PerUserName, AccuracyMetric | ItemMeanMetric> &
    Record<ListsName, ListsMetric>
> = { ...PER_USER_METRICS, ...ACCURACY_METRICS, ...LISTS_METRICS }

/** The three of the paper's tables. */
export const PAPER_METRIC_NAMES: readonly AccuracyName[] = ['recall', 'hitRate', 'ndcg']

/** Those that a model can be chosen by, in the order that tables show them. */
export const ACCURACY_METRIC_NAMES: readonly AccuracyName[] = [...PAPER_METRIC_NAMES, 'precision', 'mrr', 'map']

/** All, in the order that tables show them. */
export const METRIC_NAMES: readonly MetricName[] = [
  ...ACCURACY_METRIC_NAMES,
  'arp',
  'popularityRank',
  'aplt',
  'novelty',
  'itemCoverage',
  'tailCoverage',
  'gini',
  'entropy',
  'normalisedEntropy',
  'popReo',
  'popRsp',
]

/** How people write a metric: `Recall@20`, `HR@20`, `ARP@20`. */
export function metricLabel(key: MetricKey): string {
  const { name, k } = parseMetricKey(key)
  return `${METRICS[name].label}@${k}`
}

/** Takes a metric's key apart. Throws a `RangeError` for text that is no such key: see `isMetricKey`. */
export function parseMetricKey(key: MetricKey): { readonly name: MetricName; readonly k: number } {
  const parsed = splitKey(key)
  if (parsed === undefined) throw new RangeError(`"${String(key)}" is no metric; expected one such as recall@20`)
  return parsed
}

/** Whether a text names a metric and the length of its lists. */
export function isMetricKey(text: string): text is MetricKey {
  return splitKey(text) !== undefined
}

/** Whether a text names a metric of accuracy and the length of its lists: what a model can be chosen by. */
export function isAccuracyKey(text: string): text is AccuracyKey {
  const parsed = splitKey(text)
  return parsed !== undefined && METRICS[parsed.name].kind === 'accuracy'
}

/** Whether every user has a value of the metric. */
export function isPerUserKey(key: MetricKey): key is PerUserKey {
  return METRICS[parseMetricKey(key).name].kind !== 'lists'
}

/** Whether the metric is one of all lists together. */
export function isListsKey(key: MetricKey): key is ListsKey {
  return METRICS[parseMetricKey(key).name].kind === 'lists'
}

/** A metric's value in a set of means. Throws a `RangeError` for one that was not computed. */
export function metricValue(metrics: Readonly<Record<MetricKey, number>>, key: MetricKey): number {
  const value = metrics[key]
  if (value === undefined) throw new RangeError(`${key} was not computed; there is ${Object.keys(metrics).join(', ')}`)
  return value
}

function splitKey(text: string): { readonly name: MetricName; readonly k: number } | undefined {
  const [name, k, ...rest] = text.split('@')
  if (rest.length > 0 || name === undefined || !Object.hasOwn(METRICS, name) || !/^[1-9]\d*$/.test(k ?? '')) {
    return undefined
  }
  return { name: name as MetricName, k: Number(k) }
}
