import { rowColumns, type Corrections, type Engine } from '@gradrec/engine'
import type { Dataset } from '@gradrec/data'
import { isPerUserKey, type PerUserKey } from '../metrics/metric.ts'
import type { ScoringVectors } from '../scoringVectors.ts'
import { itemPopularity } from './itemPopularity.ts'
import { ListScorer } from './listScorer.ts'
import {
  averagedUsers,
  heldOutItems,
  rowsOf,
  userBlocks,
  usersWithAny,
  type EvaluatedPart,
  type RankingOptions,
} from './userBlocks.ts'
import { wantedKeys } from './wantedMetrics.ts'

export interface EvaluateVariantsOptions extends RankingOptions {
  /** Such as `['recall@20', 'arp@20']`, at least one. Metrics of all lists together are for `evaluate`. */
  readonly metrics: readonly PerUserKey[]
  /** Keep every user's value of this one of `metrics`. */
  readonly perUser?: PerUserKey
  /** Called after every block of users. */
  readonly onProgress?: (progress: VariantsProgress) => void
}

export interface VariantsProgress {
  /** Users whose lists of all variants are scored. */
  readonly users: number
  readonly ofUsers: number
}

export interface VariantEvaluation {
  /** Means over users. */
  readonly metrics: Readonly<Record<PerUserKey, number>>
  /** For each user the metric that the options' `perUser` names, parallel to `users`. */
  readonly perUser?: Float64Array
}

export interface VariantsEvaluation {
  readonly part: EvaluatedPart
  /** The users that the means are over, ascending. */
  readonly users: Uint32Array
  /** In the order of `corrections.users`. */
  readonly variants: readonly VariantEvaluation[]
}

/** Bytes of lists, items and scores, that one call of the engine may return. */
const LIST_BYTES = 64 * 2 ** 20

/** As in `evaluate`. */
const MOST_USERS_PER_BLOCK = 4096

/**
 * Evaluates many scorings of the same vectors that differ by small corrections, such as all strengths of a debiasing method, for
 * little more than one. The means are those of `evaluate` for each variant, to the bit; lists are held in memory for a block of
 * users at a time, 64 MiB of them at most.
 *
 * @param corrections of all users of the data set
 * @throws DatasetError where the data set has no such part, AbortedError when stopped, RangeError for metrics that do not exist
 */
export async function evaluateVariants(
  vectors: ScoringVectors,
  corrections: Corrections,
  dataset: Dataset,
  part: EvaluatedPart,
  engine: Engine,
  options: EvaluateVariantsOptions,
): Promise<VariantsEvaluation> {
  const { averageOver, onProgress } = options
  const keys = wantedKeys(options).filter(isPerUserKey)
  const kept = options.perUser === undefined ? undefined : keys.indexOf(options.perUser)
  if (kept === -1) throw new RangeError(`${options.perUser} is to be kept per user, but is not among the metrics`)
  const heldOut = heldOutItems(dataset, part)
  const users = averagedUsers(heldOut, averageOver)
  const variantCount = corrections.users.length
  const scorer = new ListScorer(keys, itemPopularity(dataset))
  const k = scorer.longest
  /** variants × metrics. */
  const sums = new Float64Array(variantCount * keys.length)
  const values = kept === undefined ? [] : corrections.users.map(() => new Float64Array(users.length))
  const ranked = scorer.looksAtItems ? users : usersWithAny(heldOut)
  const usersPerBlock = Math.min(MOST_USERS_PER_BLOCK, Math.max(1, Math.floor(LIST_BYTES / (8 * k * variantCount))))
  for (const block of userBlocks(ranked, usersPerBlock, dataset, part, options)) {
    const { exclude } = block
    const rankings = await engine.rankVariants(
      rowsOf(vectors.users, block.users),
      vectors.items,
      { items: corrections.items, users: corrections.users.map((weights) => rowsOf(weights, block.users)) },
      { k, exclude },
    )
    for (let b = 0; b < block.users.length; b++) {
      const user = block.users[b]!
      const place = averageOver === 'allUsers' ? user : block.begin + b
      // Users outside, variants inside: held-out items are marked once for all variants.
      scorer.startUser(rowColumns(heldOut, user))
      for (let variant = 0; variant < variantCount; variant++) {
        scorer.score(rankings[variant]!.items, b * k)
        for (let m = 0; m < keys.length; m++) sums[variant * keys.length + m]! += scorer.values[m]!
        if (kept !== undefined) values[variant]![place] = scorer.values[kept]!
      }
    }
    onProgress?.({ users: block.begin + block.users.length, ofUsers: ranked.length })
  }
  const variants = corrections.users.map((_, variant): VariantEvaluation => {
    const metrics: Record<PerUserKey, number> = {}
    keys.forEach((key, m) => (metrics[key] = sums[variant * keys.length + m]! / Math.max(1, users.length)))
    const perUser = values[variant]
    return { metrics, ...(perUser && { perUser }) }
  })
  return { part, users, variants }
}
