import {
  evaluate,
  mostPopular,
  withDials,
  type Dials,
  type EvaluatedPart,
  type Evaluation,
  type MetricKey,
  type Model,
  type ScoringVectors,
  type Tuned,
} from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import { PART_LABELS } from '../output/partLabels.ts'
import type { DialChoice } from './chooseDials.ts'

/** Metrics of one recommender on one part. */
export type Metrics = Readonly<Record<MetricKey, number>>

export interface PartResults {
  readonly part: EvaluatedPart
  /** Users the means are over. */
  readonly users: number
  readonly mostPopular: Metrics
  /** The model as trained, its dials off. */
  readonly before: Metrics
  /** The model at its dials, where any are set. */
  readonly after?: Metrics
}

/** How the dials were found. */
export interface TunedResults {
  readonly part: EvaluatedPart
  readonly metric: MetricKey
  /** The values that were tried of each dial. */
  readonly grids: Readonly<Record<string, readonly number[]>>
  /** The metrics on `part` at every combination of them. */
  readonly settings: readonly { readonly dials: Dials; readonly metrics: Metrics }[]
  readonly seconds: number
}

/** A run's metrics, as they are written to `metrics.json`. */
export interface Results {
  readonly k: number
  readonly averageOver: string
  readonly maskValidation: boolean
  /** Epoch of the evaluated model. */
  readonly epoch: number
  /** Where the model's dials stand; empty: off. */
  readonly dials: Dials
  /** Where they were tuned and not given. */
  readonly tuned?: TunedResults
  /** The test parts there are; without any, the validation part. */
  readonly parts: readonly PartResults[]
}

/**
 * Evaluates most-popular, the model with its dials off, and the model at its dials, on what the data set holds out.
 *
 * @param onProgress called with what is about to be evaluated
 */
export async function resultsOf(
  model: Model,
  choice: DialChoice,
  dataset: Dataset,
  engine: Engine,
  onProgress: (what: string) => void,
): Promise<Results> {
  const { k, averageOver, maskValidation } = model.config
  const popular = mostPopular(dataset)
  const dialsOff = withDials(model, {}).vectors
  const parts: PartResults[] = []
  for (const part of partsToReport(dataset)) {
    const evaluated = async (name: string, vectors: ScoringVectors): Promise<Evaluation> => {
      onProgress(`evaluating ${name} on ${PART_LABELS[part]}`)
      return evaluate(vectors, dataset, part, engine, { k, averageOver, maskValidation, metrics: 'all' })
    }
    const baseline = await evaluated('most-popular', popular)
    const before = await evaluated('the model', dialsOff)
    const after = hasDials(model) ? await evaluated('the debiased model', model.vectors) : undefined
    parts.push({
      part,
      users: before.users.length,
      mostPopular: baseline.metrics,
      before: before.metrics,
      ...(after && { after: after.metrics }),
    })
  }
  const about = { k, averageOver, maskValidation, epoch: model.epoch, dials: model.dials }
  return { ...about, ...(choice.kind === 'tuned' && { tuned: tunedResults(choice.tuned) }), parts }
}

/** Whether any dial is set, be it to 0. */
function hasDials({ dials }: Model): boolean {
  return Object.keys(dials).length > 0
}

/** The test parts there are; without any, the validation part, if there is one. */
function partsToReport({ parts }: Dataset): readonly EvaluatedPart[] {
  const tests = (['test', 'biasedTest'] as const).filter((part) => parts[part] !== undefined)
  return tests.length > 0 ? tests : parts.validation === undefined ? [] : ['validation']
}

function tunedResults({ part, metric, grids, settings, seconds }: Tuned): TunedResults {
  return { part, metric, grids, settings, seconds }
}
