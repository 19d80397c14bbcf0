import type { Dataset } from '@gradrec/data'
import type { Engine, Fit } from '@gradrec/engine'
import { DivergedError } from '../errors.ts'
import { evaluate } from '../evaluate.ts'
import { evaluateVariants } from '../evaluation/evaluateVariants.ts'
import type { Dials, Inference } from '../methods/inference.ts'
import { methodOf } from '../methods/methods.ts'
import { recordedGradients, type TrainedVectors } from '../methods/trainedVectors.ts'
import { metricValue, PAPER_METRIC_NAMES, type MetricKey } from '../metrics/metric.ts'
import { popularityOf } from '../model.ts'
import type { TrainConfig } from '../trainConfig.ts'

/** Strengths at which a model with dials is validated while it trains: all dials alike, 0 … 1. `tune` looks closer. */
const STRENGTHS = [0, 0.2, 0.4, 0.6, 0.8, 1]

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
  dataset: Dataset,
  config: TrainConfig,
  engine: Engine,
  fit: Fit,
  signal: AbortSignal | undefined,
): Promise<Validation> {
  const trained = await trainedVectors(fit, dataset, config, epoch)
  const inference = methodOf(config.method).inference(trained, popularityOf({ seen: dataset.parts.train }))
  const ranking = {
    averageOver: config.averageOver,
    maskValidation: config.maskValidation,
    ...(signal && { signal }),
  }
  const metrics = [...new Set([...PAPER_METRIC_NAMES.map((name) => `${name}@${config.k}` as const), config.watch])]
  const settings = alikeSettings(inference)
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
export async function trainedVectors(
  fit: Fit,
  dataset: Dataset,
  config: TrainConfig,
  epoch: number,
): Promise<TrainedVectors> {
  const embeddings = await fit.embeddings()
  for (const matrix of [embeddings.users, embeddings.items]) {
    if (matrix.values.every(Number.isFinite)) continue
    throw new DivergedError('an embedding is not finite', epoch, fit.step, config.optimizer.learningRate)
  }
  if (config.method.kind === 'original' || config.method.recording === 'none') return { embeddings }
  const shape = { users: dataset.users.size, items: dataset.items.size, dimension: config.dimension }
  const recorded = recordedGradients(await fit.read(), shape)
  return { embeddings, ...(recorded && { recorded }) }
}

function alikeSettings({ dials }: Inference): Dials[] {
  return STRENGTHS.map((strength) => Object.fromEntries(dials.map((name) => [name, strength])))
}
