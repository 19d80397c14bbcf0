import type { FitState } from '@gradrec/engine'
import type { Dataset } from '@gradrec/data'
import { CheckpointError } from '../errors.ts'
import type { EpochRecord } from '../model.ts'
import type { TrainConfig } from '../trainConfig.ts'
import type { BestModelState } from './bestModel.ts'
import type { ScheduleState } from './schedule.ts'

/**
 * Everything a run needs to go on from the end of an epoch as if it had never stopped: on the same engine and device, bit for
 * bit. Checkpoints are of whole epochs, because that is where lazy updates have settled all rows.
 */
export interface Checkpoint {
  /** Whole epochs trained. */
  readonly epoch: number
  /** Tables, moments, recorded gradients, steps done, learning rate. */
  readonly fit: FitState
  readonly schedule: ScheduleState
  readonly best: BestModelState
  readonly history: readonly EpochRecord[]
  /** As trained, repairs included. */
  readonly config: TrainConfig
  readonly dataHash: string
  /** The engine it was trained on. Another can go on with it, though not bit for bit. */
  readonly engine: string
}

/**
 * Refuses to go on from a checkpoint of other data or another configuration. The number of epochs may differ: that is how a
 * run is lengthened.
 *
 * @throws CheckpointError
 */
export function checkResumes({ config: of, dataHash, epoch }: Checkpoint, dataset: Dataset, config: TrainConfig): void {
  if (dataHash !== dataset.hash) {
    throw new CheckpointError(
      `the checkpoint is of data with hash ${dataHash.slice(0, 12)}, and data set "${dataset.name}" has ${dataset.hash.slice(0, 12)}; ` +
        'resume with the data it was trained on',
    )
  }
  for (const key of Object.keys(config) as (keyof TrainConfig)[]) {
    if (key === 'epochs' || canonical(of[key]) === canonical(config[key])) continue
    throw new CheckpointError(
      `the checkpoint was trained with ${key} ${canonical(of[key])}, and the run asks for ${canonical(config[key])}; ` +
        'only epochs can change on resuming',
    )
  }
  if (epoch > config.epochs) {
    throw new CheckpointError(`the checkpoint has ${epoch} epochs, more than the ${config.epochs} that are asked for`)
  }
}

/** JSON with keys in order, so that a configuration that was written and read back is the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
