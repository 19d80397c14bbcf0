import { tableRows, type FitSpec } from '@gradrec/engine'
import { csrDifference, type Dataset, type Repair } from '@gradrec/data'
import { ConfigError } from '../errors.ts'
import { initialTable } from '../initialTable.ts'
import { methodOf } from '../methods/methods.ts'
import { popularityIn } from '../methods/popularity.ts'
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
  const { train, intervenedTrain } = dataset.parts
  const popularity = popularityIn(train)
  const biasedPopularity =
    intervenedTrain === undefined ? popularity : popularityIn(csrDifference(train, intervenedTrain))
  const { loss, l2 } = config
  const { margin, ...training } = methodOf(config.method).training({ loss, l2, popularity, biasedPopularity })
  if (margin !== undefined && margin.pool > dataset.items.size) {
    throw new ConfigError('pool', margin.pool, `at most the ${dataset.items.size} items there are`)
  }
  const withoutTable = {
    dimension: config.dimension,
    interactions,
    backbone: config.backbone,
    ...training,
    sampler: {
      positives: config.positives,
      negatives: config.negatives,
      distinct: config.distinct,
      ...(margin && { margin }),
    },
    optimizer: config.optimizer,
    batch: config.batch,
    seed: config.seed,
  }
  const [users, items] = [dataset.users.size, dataset.items.size]
  const shape = { users, items, dimension: config.dimension, parameters: tableRows(withoutTable) - users - items }
  const spec: FitSpec = { ...withoutTable, initialTable: initialTable(shape, config.initialisation, config.seed) }
  return { spec, config, repairs: config.batch < wanted.batch ? [...repairs, clamped] : repairs }
}
