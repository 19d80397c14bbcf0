import {
  AbortedError,
  compare,
  confidenceIntervals,
  evaluate,
  popularityGroups,
  type Comparison,
  type EvaluatedPart,
  type EvaluationWithLists,
  type Interval,
  type MetricKey,
  type PopularityGroup,
  type ScoringVectors,
  type TrainConfig,
} from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'

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
  /** Against another recommender on the same users, where there is one. */
  readonly comparison?: Comparison
}

export interface EvaluationRequest {
  readonly vectors: ScoringVectors
  /** What to compare with. */
  readonly other?: ScoringVectors
  readonly dataset: Dataset
  readonly k: readonly number[]
  readonly resamples: number
  readonly protocol: Pick<TrainConfig, 'averageOver' | 'maskValidation'>
  readonly engine: Engine
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
  const evaluation = await allMetrics(part, request.vectors, request)
  const against = other === undefined ? undefined : await allMetrics(part, other, request)
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
    ...(comparison && { comparison }),
  }
}

function allMetrics(
  part: EvaluatedPart,
  vectors: ScoringVectors,
  { dataset, engine, k, protocol, signal }: EvaluationRequest,
): Promise<EvaluationWithLists> {
  const { averageOver, maskValidation } = protocol
  const options = { k, metrics: 'all', averageOver, maskValidation, signal, keepLists: true } as const
  return evaluate(vectors, dataset, part, engine, options)
}

/** Lets a Ctrl-C through between long computations. */
async function breathe({ signal, onStep }: EvaluationRequest, step: 'resampling'): Promise<void> {
  onStep(step)
  await new Promise((resolve) => setImmediate(resolve))
  if (signal.aborted) throw new AbortedError('evaluation')
}
