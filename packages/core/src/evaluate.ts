import { rowColumns, type Engine } from '@gradrec/engine'
import type { Dataset } from '@gradrec/data'
import type { EvaluatedLists } from './evaluation/evaluatedLists.ts'
import { itemPopularity } from './evaluation/itemPopularity.ts'
import { ListKeeper } from './evaluation/listKeeper.ts'
import { ListScorer } from './evaluation/listScorer.ts'
import { metricsOfLists } from './evaluation/metricsOfLists.ts'
import { mean } from './evaluation/mean.ts'
import { vectorRanker, type Ranker } from './evaluation/ranker.ts'
import {
  averagedUsers,
  heldOutItems,
  userBlocks,
  usersWithAny,
  type EvaluatedPart,
  type RankingOptions,
} from './evaluation/userBlocks.ts'
import { wantedKeys, type WantedMetrics } from './evaluation/wantedMetrics.ts'
import { isListsKey, isPerUserKey, parseMetricKey, type MetricKey, type PerUserKey } from './metrics/metric.ts'
import type { ScoringVectors } from './scoringVectors.ts'

export type { AverageOver, EvaluatedPart } from './evaluation/userBlocks.ts'

export type EvaluateOptions = RankingOptions &
  WantedMetrics & {
    /**
     * Return the lists too, users × longest k: what `popularityGroups` and bootstraps of metrics of all lists together need.
     */
    readonly keepLists?: boolean
  }

export interface Evaluation {
  readonly part: EvaluatedPart
  /** The users that the means are over, ascending. */
  readonly users: Uint32Array
  /** For each per-user metric one value per user, parallel to `users`; never NaN. Paired by user between two evaluations. */
  readonly perUser: Readonly<Record<PerUserKey, Float64Array>>
  /** For each per-user metric the mean over `users`, 0 where there are none; for the others their value. In the order asked for. */
  readonly metrics: Readonly<Record<MetricKey, number>>
  /** Where they were asked for. */
  readonly lists?: EvaluatedLists
}

/** An evaluation that kept its lists. */
export type EvaluationWithLists = Evaluation & { readonly lists: EvaluatedLists }

/** Users ranked in one call: keeps lists and masks small while a GPU still has enough to do. */
const USERS_PER_BLOCK = 4096

/**
 * Ranks the full catalogue for every user who has held-out items and scores the lists (METHODS.md §3.8, §8.2). Training
 * items are never listed; ties go to the lower item number. Popularity is counted in the training part.
 *
 * Over all users, those without held-out items have accuracy 0, and lists of their own in metrics of popularity and exposure.
 *
 * @throws DatasetError where the data set has no such part, AbortedError when stopped, RangeError for metrics that do not exist
 */
export async function evaluate(
  vectors: ScoringVectors,
  dataset: Dataset,
  part: EvaluatedPart,
  engine: Engine,
  options: EvaluateOptions & { readonly keepLists: true },
): Promise<EvaluationWithLists>
export async function evaluate(
  vectors: ScoringVectors,
  dataset: Dataset,
  part: EvaluatedPart,
  engine: Engine,
  options: EvaluateOptions,
): Promise<Evaluation>
export async function evaluate(
  vectors: ScoringVectors,
  dataset: Dataset,
  part: EvaluatedPart,
  engine: Engine,
  options: EvaluateOptions,
): Promise<Evaluation> {
  return evaluateRanker(vectorRanker(vectors, engine), dataset, part, options)
}

/** The same of a recommender that is no two matrices. */
export async function evaluateRanker(
  ranker: Ranker,
  dataset: Dataset,
  part: EvaluatedPart,
  options: EvaluateOptions & { readonly keepLists: true },
): Promise<EvaluationWithLists>
export async function evaluateRanker(
  ranker: Ranker,
  dataset: Dataset,
  part: EvaluatedPart,
  options: EvaluateOptions,
): Promise<Evaluation>
export async function evaluateRanker(
  ranker: Ranker,
  dataset: Dataset,
  part: EvaluatedPart,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const heldOut = heldOutItems(dataset, part)
  const keys = wantedKeys(options)
  const perUserKeys = keys.filter(isPerUserKey)
  const listsKeys = keys.filter(isListsKey)
  const users = averagedUsers(heldOut, options.averageOver)
  const k = Math.max(...keys.map((key) => parseMetricKey(key).k))
  const popularity = itemPopularity(dataset)
  const scorer = new ListScorer(perUserKeys, popularity)
  const keeper = options.keepLists || listsKeys.length > 0 ? new ListKeeper(users, k, heldOut, popularity) : undefined
  const columns = perUserKeys.map(() => new Float64Array(users.length))
  const ranked = keeper || scorer.looksAtItems ? users : usersWithAny(heldOut)
  for (const block of userBlocks(ranked, USERS_PER_BLOCK, dataset, part, options)) {
    const ranking = await ranker(block.users, { k, exclude: block.exclude })
    keeper?.keep(block, ranking.items)
    for (let b = 0; b < block.users.length; b++) {
      const user = block.users[b]!
      scorer.startUser(rowColumns(heldOut, user))
      scorer.score(ranking.items, b * k)
      const place = options.averageOver === 'allUsers' ? user : block.begin + b
      for (let m = 0; m < columns.length; m++) columns[m]![place] = scorer.values[m]!
    }
  }
  const perUser: Record<PerUserKey, Float64Array> = {}
  perUserKeys.forEach((key, m) => (perUser[key] = columns[m]!))
  const ofLists = keeper ? metricsOfLists(keeper.lists, listsKeys) : {}
  const metrics: Record<MetricKey, number> = {}
  for (const key of keys) metrics[key] = isPerUserKey(key) ? mean(perUser[key]!) : ofLists[key]!
  return { part, users, perUser, metrics, ...(options.keepLists && keeper && { lists: keeper.lists }) }
}
