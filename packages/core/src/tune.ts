import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import { ConfigError, DatasetError } from './errors.ts'
import type { EvaluatedPart } from './evaluate.ts'
import { evaluateVariants } from './evaluation/evaluateVariants.ts'
import type { Dials } from './methods/inference.ts'
import type { Dial } from './methods/method.ts'
import { methodOf } from './methods/methods.ts'
import {
  metricValue,
  PAPER_METRIC_NAMES,
  type AccuracyKey,
  type AccuracyName,
  type MetricKey,
} from './metrics/metric.ts'
import { inferenceOf, withDials, type Model } from './model.ts'

export interface TuneOptions {
  /** Values to try of each dial. Default each dial's own; the paper's are 0, 0.2 … 2. */
  readonly grid?: readonly number[]
  /** What is maximised. Default the model's watched metric at the length of the model's lists: the paper does not say which (METHODS.md §2.3 H). */
  readonly metric?: AccuracyKey
  /** What it is measured on. Default `validation`, and nothing else should decide: the test part is to be read once. */
  readonly part?: EvaluatedPart
  readonly signal?: AbortSignal
  /** Called as users are ranked, with the share done, 0 … 1. */
  readonly onProgress?: (share: number) => void
}

/** A point of the grid. */
export interface TunedSetting {
  readonly dials: Dials
  readonly metrics: Readonly<Record<MetricKey, number>>
}

export interface Tuned {
  /** The model with its dials at the best setting. */
  readonly model: Model
  readonly metric: AccuracyKey
  readonly part: EvaluatedPart
  /** The values that were tried of each dial, by its name. */
  readonly grids: Readonly<Record<string, readonly number[]>>
  /** All settings: the first dial changes slowest, αItem before αUser. */
  readonly settings: readonly TunedSetting[]
  readonly best: TunedSetting
  readonly seconds: number
  /** What the method has to say about its dials. */
  readonly warnings: readonly string[]
}

/**
 * Finds the setting of a model's dials that ranks held-out interactions best, over the full grid of all dials at once (11 × 11
 * in the paper). All settings share one product of the embeddings, since each only adds a few numbers to a score
 * (METHODS.md §2.2). Of equal settings the one that subtracts least wins.
 *
 * @throws DatasetError without a part to tune on, or for a model without dials; AbortedError when stopped
 *
 * @example const { model } = await tune(trained, dataset, engine)
 */
export async function tune(model: Model, dataset: Dataset, engine: Engine, options: TuneOptions = {}): Promise<Tuned> {
  const began = performance.now()
  const { part = 'validation', grid } = options
  const { k } = model.config
  const metric = options.metric ?? atLength(model.config.watch, k)
  if (dataset.hash !== model.dataHash) {
    throw new DatasetError(
      `the model was trained on data with hash ${model.dataHash.slice(0, 12)}, and data set "${dataset.name}" has ${dataset.hash.slice(0, 12)}`,
    )
  }
  if (dataset.parts[part] === undefined) {
    throw new DatasetError(
      `data set "${dataset.name}" has no ${part} part to tune on; set the dials yourself, or split one off`,
    )
  }
  if (grid !== undefined && (grid.length === 0 || !grid.every(Number.isFinite))) {
    throw new ConfigError('grid', grid.join(', '), 'finite numbers')
  }
  const grids = gridsOf(methodOf(model.config.method).dials, grid)
  const inference = inferenceOf(model)
  const dials = settingsOf(grids)
  const corrections = inference.corrections(dials)
  if (corrections === undefined) {
    throw new DatasetError(`method ${model.config.method.kind} has no dials to tune`)
  }
  const { averageOver, maskValidation } = model.config
  const { variants } = await evaluateVariants(inference.base, corrections, dataset, part, engine, {
    metrics: [...new Set([metric, ...PAPER_METRIC_NAMES.map((name) => `${name}@${k}` as const), `arp@${k}` as const])],
    averageOver,
    maskValidation,
    ...(options.signal && { signal: options.signal }),
    onProgress: ({ users, ofUsers }) => options.onProgress?.(users / ofUsers),
  })
  const settings = variants.map(({ metrics }, n): TunedSetting => ({ dials: dials[n] ?? {}, metrics }))
  const best = bestOf(settings, metric)
  return {
    model: withDials(model, best.dials),
    metric,
    part,
    grids,
    settings,
    best,
    seconds: (performance.now() - began) / 1000,
    warnings: inference.warnings,
  }
}

/** The same metric of lists of another length. */
function atLength(key: AccuracyKey, k: number): AccuracyKey {
  return `${key.split('@')[0] as AccuracyName}@${k}`
}

function gridsOf(
  dials: Readonly<Record<string, Dial>>,
  grid: readonly number[] | undefined,
): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(Object.entries(dials).map(([name, dial]) => [name, grid ?? dial.grid]))
}

/** Every combination of the grids' values. */
function settingsOf(grids: Readonly<Record<string, readonly number[]>>): Dials[] {
  let settings: Dials[] = [{}]
  for (const [name, grid] of Object.entries(grids)) {
    settings = settings.flatMap((setting) => grid.map((value) => ({ ...setting, [name]: value })))
  }
  return settings
}

function bestOf(settings: readonly TunedSetting[], metric: AccuracyKey): TunedSetting {
  const strength = ({ dials }: TunedSetting): number =>
    Object.values(dials).reduce((sum, value) => sum + Math.abs(value), 0)
  return settings.reduce((best, setting) => {
    const gain = metricValue(setting.metrics, metric) - metricValue(best.metrics, metric)
    return gain > 0 || (gain === 0 && strength(setting) < strength(best)) ? setting : best
  })
}
