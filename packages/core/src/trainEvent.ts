import type { DeviceInfo } from '@gradrec/engine'
import type { Dials } from './methods/inference.ts'
import type { AccuracyKey, MetricKey } from './metrics/metric.ts'

/**
 * What happens in a run, in this order: one `start`, a `repair` for each thing mended, then for every epoch some `progress`,
 * one `epoch`, where it is due one `validation`, and where one was saved a `checkpoint`; at the end one `stop`. Plain data.
 */
export type TrainEvent =
  | StartEvent
  | RepairEvent
  | ProgressEvent
  | EpochEvent
  | ValidationEvent
  | CheckpointEvent
  | StopEvent

export interface StartEvent {
  readonly type: 'start'
  readonly dataset: string
  readonly dataHash: string
  readonly users: number
  readonly items: number
  /** Training interactions. */
  readonly interactions: number
  /** Training interactions / (users × items). */
  readonly density: number
  /** Numbers that are learned: (users + items) × dimension, and what the method adds. */
  readonly parameters: number
  /** Optimizer steps. */
  readonly stepsPerEpoch: number
  /** At most so many. */
  readonly epochs: number
  /** Epochs that a checkpoint brought; 0 for a run from the beginning. */
  readonly resumedFrom: number
  /** Bytes of the engine's memory that the run takes: `Engine.memoryPlan`. */
  readonly memoryBytes: number
  readonly engine: string
  readonly device: DeviceInfo
}

/** Something about the data or the settings that was mended for this run. */
export interface RepairEvent {
  readonly type: 'repair'
  readonly code: string
  readonly count: number
  readonly message: string
}

/** Comes a few times a second while an epoch runs. */
export interface ProgressEvent {
  readonly type: 'progress'
  /** From 1. */
  readonly epoch: number
  /** Steps of this epoch done. */
  readonly step: number
  readonly stepsPerEpoch: number
  /** Mean over this epoch's triples so far, without regularisation. */
  readonly loss: number
  /** Over the latest chunk of steps. */
  readonly triplesPerSecond: number
}

export interface EpochEvent {
  readonly type: 'epoch'
  readonly epoch: number
  /** Mean over the epoch's triples, without regularisation. */
  readonly loss: number
  /** Of the epoch's steps. */
  readonly learningRate: number
  /** Of training alone, validation left out. */
  readonly seconds: number
  readonly triples: number
  readonly triplesPerSecond: number
}

export interface ValidationEvent {
  readonly type: 'validation'
  readonly epoch: number
  /** At `dials`. */
  readonly metrics: Readonly<Record<MetricKey, number>>
  /** The best setting of the method's dials, all turned alike: what the model would be used with. Empty without dials. */
  readonly dials: Dials
  readonly watch: AccuracyKey
  /** Whether this is the best epoch so far by the watched metric. */
  readonly best: boolean
  readonly seconds: number
}

/** A checkpoint was saved, from which the run can go on. */
export interface CheckpointEvent {
  readonly type: 'checkpoint'
  readonly epoch: number
  /** That it took, reading and saving. */
  readonly seconds: number
}

/** `epochs`: all were trained; `patience`: the watched metric stopped getting better; `aborted`: the caller stopped it. */
export type StopReason = 'epochs' | 'patience' | 'aborted'

export interface StopEvent {
  readonly type: 'stop'
  readonly reason: StopReason
  /** Whole epochs trained. */
  readonly epochs: number
  /** Whole epochs behind the model that is kept. */
  readonly bestEpoch: number
}
