import { evaluate, mostPopular, type EvaluatedPart, type MetricKey, type Model } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'

/** Means of one recommender on one part. */
export type Metrics = Readonly<Record<MetricKey, number>>

export interface PartResults {
  readonly part: EvaluatedPart
  /** Users the means are over. */
  readonly users: number
  readonly mostPopular: Metrics
  readonly model: Metrics
}

/** A run's metrics, as they are written to `metrics.json`. */
export interface Results {
  readonly k: number
  readonly averageOver: string
  readonly maskValidation: boolean
  /** Epoch of the evaluated model. */
  readonly epoch: number
  /** The test parts there are; without any, the validation part. */
  readonly parts: readonly PartResults[]
}

/** Evaluates the model and the most-popular baseline on what the data set holds out. */
export async function resultsOf(model: Model, dataset: Dataset, engine: Engine): Promise<Results> {
  const { k, averageOver, maskValidation } = model.config
  const tests = (['test', 'biasedTest'] as const).filter((part) => dataset.parts[part] !== undefined)
  const fallback = dataset.parts.validation === undefined ? [] : (['validation'] as const)
  const baseline = mostPopular(dataset)
  const parts: PartResults[] = []
  for (const part of tests.length > 0 ? tests : fallback) {
    const options = { k, averageOver, maskValidation }
    const popular = await evaluate(baseline, dataset, part, engine, options)
    const trained = await evaluate(model.vectors, dataset, part, engine, options)
    parts.push({ part, users: trained.users.length, mostPopular: popular.metrics, model: trained.metrics })
  }
  return { k, averageOver, maskValidation, epoch: model.epoch, parts }
}
