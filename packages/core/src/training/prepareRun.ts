import type { FitSpec } from '@gradrec/engine'
import type { Dataset, Repair } from '@gradrec/data'
import { initialTable } from '../initialTable.ts'
import { methodOf } from '../methods/methods.ts'
import type { TrainConfig } from '../trainConfig.ts'
import { checkTrainConfig } from './checkTrainConfig.ts'
import { trainingInteractions } from './trainingInteractions.ts'

export interface PreparedRun {
  readonly spec: FitSpec
  /** As it will be trained. */
  readonly config: TrainConfig
  readonly repairs: readonly Repair[]
}

/** Checks a configuration, mends what can be mended, and makes the engine's spec of it. */
export function prepareRun(dataset: Dataset, wanted: TrainConfig): PreparedRun {
  checkTrainConfig(wanted)
  const { interactions, repairs } = trainingInteractions(dataset)
  const available = interactions.columns.length
  const config = { ...wanted, batch: Math.min(wanted.batch, available) }
  const clamped: Repair = {
    code: 'batch-clamped',
    count: available,
    message: `batch is ${wanted.batch}, more than the ${available} training interactions there are: every step takes all ${available}`,
  }
  const shape = { users: dataset.users.size, items: dataset.items.size, dimension: config.dimension }
  const spec: FitSpec = {
    dimension: config.dimension,
    interactions,
    backbone: config.backbone,
    ...methodOf(config.method).training(config),
    sampler: { positives: config.positives, negatives: config.negatives, distinct: config.distinct },
    optimizer: config.optimizer,
    batch: config.batch,
    seed: config.seed,
    initialTable: initialTable(shape, config.initialisation, config.seed),
  }
  return { spec, config, repairs: config.batch < wanted.batch ? [...repairs, clamped] : repairs }
}
