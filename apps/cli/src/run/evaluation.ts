import {
  AbortedError,
  compare,
  confidenceIntervals,
  evaluateRanker,
  popularityGroups,
  type Comparison,
  type EvaluatedPart,
  type EvaluationWithLists,
  type Interval,
  type MetricKey,
  type PopularityGroup,
  type Ranker,
  type TrainConfig,
} from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Metrics } from './results.ts'

/** A metric's value with its interval. */
export interface Estimated extends Interval {
  readonly value: number
}

/** All that can be said about one recommender on one part. */
export interface PartEvaluation {
  readonly part: EvaluatedPart
  /** Users the means are over. */
  readonly users: number
  readonly metrics: Readonly<Record<MetricKey, Estimated>>
  /** By the length of the lists: the five groups, most popular first. */
  readonly popularityGroups: Readonly<Record<number, readonly PopularityGroup[]>>
  /** What recommenders without training come to, by their names. */
  readonly baselines: Readonly<Record<string, Metrics>>
  /** Against another recommender on the same users, where there is one. */
  readonly comparison?: Comparison
}

export interface EvaluationRequest {
  readonly model: Ranker
  /** What to compare with. */
  readonly other?: Ranker
  readonly baselines: ReadonlyMap<string, Ranker>
  readonly dataset: Dataset
  readonly k: readonly number[]
  readonly resamples: number
  readonly protocol: Pick<TrainConfig, 'averageOver' | 'maskValidation'>
  readonly signal: AbortSignal
  /** Called before every step, with what is done next. */
  readonly onStep: (step: 'ranking' | 'resampling') => void
}

/** Metrics of all lists together are computed anew for each resample, so they get fewer. */
const MOST_LISTS_RESAMPLES = 500

/** Evaluates a recommender on one part, with intervals, and against another one where there is one. */
export async function evaluatePart(part: EvaluatedPart, request: EvaluationRequest): Promise<PartEvaluation> {
  const { other, k, resamples, onStep } = request
  onStep('ranking')
  const done = new Map<Ranker, EvaluationWithLists>()
  const evaluated = async (ranker: Ranker): Promise<EvaluationWithLists> => {
    const found = done.get(ranker) ?? (await allMetrics(part, ranker, request))
    done.set(ranker, found)
    return found
  }
  const evaluation = await evaluated(request.model)
  const against = other === undefined ? undefined : await evaluated(other)
  const baselines: Record<string, Metrics> = {}
  for (const [name, ranker] of request.baselines) baselines[name] = (await evaluated(ranker)).metrics
  const bootstrap = { resamples, listsResamples: Math.min(resamples, MOST_LISTS_RESAMPLES) }
  await breathe(request, 'resampling')
  const intervals = confidenceIntervals(evaluation, bootstrap)
  await breathe(request, 'resampling')
  const comparison = against && compare(evaluation, against, bootstrap)
  const metrics: Record<MetricKey, Estimated> = {}
  for (const [key, value] of Object.entries(evaluation.metrics) as [MetricKey, number][]) {
    metrics[key] = { value, ...(intervals[key] ?? { low: value, high: value }) }
  }
  return {
    part,
    users: evaluation.users.length,
    metrics,
    popularityGroups: Object.fromEntries(k.map((length) => [length, popularityGroups(evaluation.lists, length)])),
    baselines,
    ...(comparison && { comparison }),
  }
}

function allMetrics(
  part: EvaluatedPart,
  ranker: Ranker,
  { dataset, k, protocol, signal }: EvaluationRequest,
): Promise<EvaluationWithLists> {
  const { averageOver, maskValidation } = protocol
  const options = { k, metrics: 'all', averageOver, maskValidation, signal, keepLists: true } as const
  return evaluateRanker(ranker, dataset, part, options)
}

/** Lets a Ctrl-C through between long computations. */
async function breathe({ signal, onStep }: EvaluationRequest, step: 'resampling'): Promise<void> {
  onStep(step)
  await new Promise((resolve) => setImmediate(resolve))
  if (signal.aborted) throw new AbortedError('evaluation')
}
