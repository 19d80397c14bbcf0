import type { Dataset } from '@gradrec/data'
import type { Engine, Fit, FitSpec } from '@gradrec/engine'
import { DivergedError } from '../errors.ts'
import { evaluate } from '../evaluate.ts'
import { evaluateVariants } from '../evaluation/evaluateVariants.ts'
import type { Dials } from '../methods/inference.ts'
import { methodOf, type BoundMethod } from '../methods/methods.ts'
import { popularityIn } from '../methods/popularity.ts'
import { parametersIn, recordedGradients, type TrainedVectors } from '../methods/trainedVectors.ts'
import { metricValue, PAPER_METRIC_NAMES, type MetricKey } from '../metrics/metric.ts'
import type { TrainConfig } from '../trainConfig.ts'

/** A fit, and what it fits. */
export interface RunningFit {
  readonly dataset: Dataset
  readonly config: TrainConfig
  readonly spec: FitSpec
  readonly fit: Fit
}

export interface Validation {
  readonly trained: TrainedVectors
  /** The best setting of the dials, all turned alike; empty for a method without. */
  readonly dials: Dials
  /** At `dials`. */
  readonly metrics: Readonly<Record<MetricKey, number>>
}

/**
 * Evaluates a run on the validation part, as the model would be used: with its dials at the best of a few settings, since the
 * epoch that is best before debiasing need not be best after it.
 *
 * @throws DivergedError where an embedding is not finite, AbortedError when stopped
 */
export async function validate(
  epoch: number,
  run: RunningFit,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<Validation> {
  const { dataset, config } = run
  const trained = await trainedVectors(epoch, run)
  const method = methodOf(config.method)
  const inference = method.inference(trained, popularityIn(dataset.parts.train))
  const ranking = {
    averageOver: config.averageOver,
    maskValidation: config.maskValidation,
    ...(signal && { signal }),
  }
  const metrics = [...new Set([...PAPER_METRIC_NAMES.map((name) => `${name}@${config.k}` as const), config.watch])]
  const settings = alikeSettings(method)
  const corrections = inference.corrections(settings)
  if (corrections === undefined) {
    const evaluation = await evaluate(inference.base, dataset, 'validation', engine, { ...ranking, metrics })
    return { trained, dials: {}, metrics: evaluation.metrics }
  }
  const { variants } = await evaluateVariants(inference.base, corrections, dataset, 'validation', engine, {
    ...ranking,
    metrics,
  })
  const values = variants.map((variant) => metricValue(variant.metrics, config.watch))
  const best = values.indexOf(Math.max(...values))
  return { trained, dials: settings[best] ?? {}, metrics: variants[best]?.metrics ?? {} }
}

/** What training has come to; read at the end of an epoch, or where a run stops. */
export async function trainedVectors(epoch: number, { config, spec, fit }: RunningFit): Promise<TrainedVectors> {
  const embeddings = await fit.embeddings()
  for (const matrix of [embeddings.users, embeddings.items]) {
    if (matrix.values.every(Number.isFinite)) continue
    throw new DivergedError('an embedding is not finite', epoch, fit.step, config.optimizer.learningRate)
  }
  const { objective, interactions, recording = 'none' } = spec
  if (recording === 'none' && objective.kind !== 'macr') return { embeddings }
  const state = await fit.read()
  const shape = { users: interactions.rows, items: interactions.columnCount, dimension: config.dimension }
  const recorded = recordedGradients(state, shape)
  const parameters = parametersIn(state, shape)
  return { embeddings, ...(recorded && { recorded }), ...(parameters && { parameters }) }
}

/** Settings at which a model is validated while it trains: the n-th value of every dial's grid together. `tune` looks closer. */
function alikeSettings({ dials }: BoundMethod): Dials[] {
  const all = Object.entries(dials)
  const count = Math.min(...all.map(([, { grid }]) => grid.length))
  return Array.from({ length: all.length === 0 ? 0 : count }, (_, n) =>
    Object.fromEntries(all.map(([name, { grid }]) => [name, grid[n] ?? 0])),
  )
}
