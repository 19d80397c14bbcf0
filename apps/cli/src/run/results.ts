import {
  evaluateRanker,
  vectorRanker,
  withDials,
  type Dials,
  type EvaluatedPart,
  type Evaluation,
  type MetricKey,
  type Model,
  type Ranker,
  type Tuned,
} from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import { PART_LABELS } from '../output/partLabels.ts'
import { baselineRanker } from './baselines.ts'
import type { DialChoice } from './chooseDials.ts'

/** Metrics of one recommender on one part. */
export type Metrics = Readonly<Record<MetricKey, number>>

export interface PartResults {
  readonly part: EvaluatedPart
  /** Users the means are over. */
  readonly users: number
  readonly mostPopular: Metrics
  readonly itemKnn: Metrics
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
 * Evaluates most-popular, item-knn, the model with its dials off, and the model at its dials, on what the data set holds out.
 *
 * @param onProgress called with what is being done
 */
export async function resultsOf(
  model: Model,
  choice: DialChoice,
  dataset: Dataset,
  engine: Engine,
  onProgress: (what: string) => void,
): Promise<Results> {
  const { k, averageOver, maskValidation } = model.config
  const partsToEvaluate = partsToReport(dataset)
  const parts: PartResults[] = []
  if (partsToEvaluate.length > 0) {
    const mostPopular = await baselineRanker('most-popular', dataset, engine, { onProgress })
    const itemKnn = await baselineRanker('item-knn', dataset, engine, { onProgress })
    const dialsOff = vectorRanker(withDials(model, {}).vectors, engine)
    const atDials = vectorRanker(model.vectors, engine)
    for (const part of partsToEvaluate) {
      const evaluated = async (name: string, ranker: Ranker): Promise<Evaluation> => {
        onProgress(`evaluating ${name} on ${PART_LABELS[part]}`)
        return evaluateRanker(ranker, dataset, part, { k, averageOver, maskValidation, metrics: 'all' })
      }
      const popular = await evaluated('most-popular', mostPopular)
      const knn = await evaluated('item-knn', itemKnn)
      const before = await evaluated('the model', dialsOff)
      const after = hasDials(model) ? await evaluated('the debiased model', atDials) : undefined
      parts.push({
        part,
        users: before.users.length,
        mostPopular: popular.metrics,
        itemKnn: knn.metrics,
        before: before.metrics,
        ...(after && { after: after.metrics }),
      })
    }
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
