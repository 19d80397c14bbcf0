import type { IdMap } from '@gradrec/data'
import type { DeviceInfo } from '@gradrec/engine'
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
  readonly seconds: number
  readonly triplesPerSecond: number
  /** Where the epoch was validated. */
  readonly validation?: Readonly<Record<MetricKey, number>>
}

/** A trained recommender and where it comes from. */
export interface Model {
  /** The final embeddings of `epoch`: score = user row · item row. */
  readonly vectors: ScoringVectors
  /** Outside ids of the rows of `vectors.users`. */
  readonly users: IdMap
  /** Outside ids of the rows of `vectors.items`. */
  readonly items: IdMap
  /** Whole epochs behind `vectors`: the best by the watched metric, or the last without a validation part. */
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
