import { GradrecError } from '@gradrec/engine'

/**
 * A setting that no training run could have. Code `E_CONFIG`. `key` is the setting's name in `TrainConfig`, so that a caller
 * who knows where the value came from (a flag, a line of a file, a form field) can say so.
 */
export class ConfigError extends GradrecError {
  readonly key: string
  readonly value: unknown
  readonly expected: string

  constructor(key: string, value: unknown, expected: string) {
    super('E_CONFIG', `${key} is ${shown(value)}; expected ${expected}`)
    this.key = key
    this.value = value
    this.expected = expected
  }
}

/** A data set that lacks what was asked of it: no interactions to train on, no such part. Code `E_DATASET`. */
export class DatasetError extends GradrecError {
  constructor(message: string) {
    super('E_DATASET', message)
  }
}

/** Training left the finite numbers. Code `E_DIVERGED`. Nothing of the run is returned. */
export class DivergedError extends GradrecError {
  /** The epoch, counted from 1, in which it was noticed. */
  readonly epoch: number
  /** Optimizer steps done when it was noticed. */
  readonly step: number

  constructor(what: string, epoch: number, step: number, learningRate: number) {
    super(
      'E_DIVERGED',
      `training diverged: ${what} in epoch ${epoch} (by step ${step}); use a learning rate below ${learningRate} ` +
        `(try ${Number((learningRate / 10).toPrecision(3))}) or more l2`,
    )
    this.epoch = epoch
    this.step = step
  }
}

/** A checkpoint that does not belong to the run that is to go on from it. Code `E_CHECKPOINT`. */
export class CheckpointError extends GradrecError {
  constructor(message: string) {
    super('E_CHECKPOINT', message)
  }
}

/** Two evaluations that cannot be held against each other. Code `E_COMPARISON`. */
export class ComparisonError extends GradrecError {
  constructor(message: string) {
    super('E_COMPARISON', message)
  }
}

/** A caller stopped the work through its `AbortSignal` where no partial result makes sense. Code `E_ABORTED`. */
export class AbortedError extends GradrecError {
  constructor(what: string) {
    super('E_ABORTED', `${what} was stopped before it was done`)
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value)
}
