import type { IdMap } from '@gradrec/data'
import type { Csr, DeviceInfo } from '@gradrec/engine'
import type { Dials, Inference } from './methods/inference.ts'
import { methodOf } from './methods/methods.ts'
import { popularityIn } from './methods/popularity.ts'
import type { TrainedVectors } from './methods/trainedVectors.ts'
import type { MetricKey } from './metrics/metric.ts'
import type { ScoringVectors } from './scoringVectors.ts'
import type { TrainConfig } from './trainConfig.ts'
import type { StopReason } from './trainEvent.ts'

/** One epoch of a run. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number
  /** Mean over the epoch's triples, without regularisation. */
  readonly loss: number
  readonly learningRate: number
  readonly seconds: number
  readonly triplesPerSecond: number
  /** Where the epoch was validated. */
  readonly validation?: Readonly<Record<MetricKey, number>>
}

/** A trained recommender and where it comes from. All that ranking, tuning and export need; no data set. */
export interface Model {
  /** Score = user row · item row, at `dials`. */
  readonly vectors: ScoringVectors
  /** Where the method's dials stand; none set: the model as trained. `tune` sets them, or `withDials`. */
  readonly dials: Dials
  /** What training left of `epoch`, before dials. */
  readonly trained: TrainedVectors
  /** Outside ids of the users' rows. */
  readonly users: IdMap
  /** Outside ids of the items' rows. */
  readonly items: IdMap
  /** What was trained on, users × items: what recommendations leave out, and what popularity is counted from. */
  readonly seen: Csr
  /** Whole epochs behind `trained`: the best by the watched metric, or the last without a validation part. */
  readonly epoch: number
  readonly stopped: StopReason
  /** As trained, repairs included. */
  readonly config: TrainConfig
  readonly dataset: string
  readonly dataHash: string
  readonly engine: string
  readonly device: DeviceInfo
  readonly history: readonly EpochRecord[]
}

/** The model's method at work on its trained vectors: from dials to matrices. */
export function inferenceOf(model: Pick<Model, 'config' | 'trained' | 'seen'>): Inference {
  return methodOf(model.config.method).inference(model.trained, popularityIn(model.seen))
}

/** The same model with its dials set anew; dials that are left out are off. */
export function withDials(model: Model, dials: Dials): Model {
  return { ...model, dials, vectors: inferenceOf(model).vectors(dials) }
}
