import type { Recording } from '@gradrec/engine'
import type { DirectionOptions } from './directions.ts'

/** A method of debiasing: what it changes in training, as data. Its file in this folder holds the rest. */
export type MethodConfig = OriginalConfig | GradientConfig

/** Nothing is changed: the backbone and its loss. */
export interface OriginalConfig {
  readonly kind: 'original'
}

/** The paper's method: users are normalised and gradients recorded in training, directions subtracted at inference. */
export interface GradientConfig {
  readonly kind: 'gradient'
  /** `unit`: scores use p̂_u = p_u / ‖p_u‖ (Eq. 14). `none` is Table V's "w/o norm". */
  readonly userNorm: 'unit' | 'none'
  /** What is recorded: Algorithm 1's plain vectors, true gradients, or nothing, where directions come from the embeddings. */
  readonly recording: Recording
  /** What is subtracted. */
  readonly directions: DirectionOptions
}
