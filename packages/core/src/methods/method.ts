import type { FitSpec } from '@gradrec/engine'
import type { TrainConfig } from '../trainConfig.ts'
import type { Popularity } from './directions.ts'
import type { Inference } from './inference.ts'
import type { TrainedVectors } from './trainedVectors.ts'

/**
 * A method has two halves that meet nowhere else: what training minimises and records, and how the trained vectors rank. One
 * file each in this folder; trainer, tuning, evaluation and recommendation see only this.
 */
export interface Method {
  /** The half that trains. */
  training(config: TrainConfig): Pick<FitSpec, 'objective' | 'recording'>
  /** The half that infers. */
  inference(trained: TrainedVectors, popularity: Popularity): Inference
}
