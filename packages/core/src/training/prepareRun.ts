import { tableRows, type Csr, type FitShape, type FitSpec } from '@gradrec/engine'
import { csrDifference, csrIntersection, type Dataset, type Repair } from '@gradrec/data'
import { ConfigError } from '../errors.ts'
import { initialTable } from '../initialTable.ts'
import type { MethodTraining, TrainingRun } from '../methods/method.ts'
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

/**
 * Checks a configuration, mends what can be mended, and makes the engine's spec of it.
 *
 * @param checkShape called before the initial table is made, which may be the largest thing of all; throws to refuse
 */
export function prepareRun(dataset: Dataset, wanted: TrainConfig, checkShape?: (shape: FitShape) => void): PreparedRun {
  checkTrainConfig(wanted)
  const { interactions, repairs } = trainingInteractions(dataset)
  const training = methodOf(wanted.method).training(runOf(dataset, interactions, wanted))
  checkPool(training, dataset)
  const mended = mendedConfig(wanted, interactions, training)
  const { config } = mended
  const { margin, ...ofMethod } = training
  const withoutTable = {
    dimension: config.dimension,
    interactions,
    backbone: config.backbone,
    ...ofMethod,
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
  checkShape?.(withoutTable)
  // A method may train other rows than a user and an item each.
  const { rows: users, columnCount: items } = withoutTable.interactions
  const shape = { users, items, dimension: config.dimension, parameters: tableRows(withoutTable) - users - items }
  const spec: FitSpec = { ...withoutTable, initialTable: initialTable(shape, config.initialisation, config.seed) }
  return { spec, config, repairs: [...repairs, ...mended.repairs] }
}

/** What the method may look at. */
function runOf(dataset: Dataset, interactions: Csr, config: TrainConfig): TrainingRun {
  const { train, intervenedTrain } = dataset.parts
  const { loss, l2, backbone, positives, negatives, seed } = config
  const popularity = popularityIn(train)
  const chosen = { loss, l2, backbone: backbone.kind, positives, negatives, seed, interactions, popularity }
  if (intervenedTrain === undefined) return { ...chosen, biasedPopularity: popularity }
  return {
    ...chosen,
    intervened: csrIntersection(intervenedTrain, interactions),
    biasedPopularity: popularityIn(csrDifference(train, intervenedTrain)),
  }
}

function checkPool({ margin }: MethodTraining, { items }: Dataset): void {
  if (margin === undefined || margin.pool <= items.size) return
  throw new ConfigError('pool', margin.pool, `at most the ${items.size} items there are`)
}

/** The configuration as it can be trained: no batch beyond the interactions, and dense updates where rows move that were not drawn. */
function mendedConfig(
  wanted: TrainConfig,
  { columns }: Csr,
  { arms }: MethodTraining,
): Pick<PreparedRun, 'config' | 'repairs'> {
  const { optimizer, method } = wanted
  const repairs: Repair[] = []
  const available = columns.length
  if (wanted.batch > available) {
    const message = `batch is ${wanted.batch}, more than the ${available} training interactions there are: every step takes all ${available}`
    repairs.push({ code: 'batch-clamped', count: available, message })
  }
  const config = { ...wanted, batch: Math.min(wanted.batch, available) }
  if (arms === undefined || optimizer.kind !== 'adam' || optimizer.update !== 'lazy') return { config, repairs }
  const message = `update is lazy, and method ${method.kind} moves rows that a step has not drawn: every step visits all rows`
  repairs.push({ code: 'update-dense', count: 1, message })
  return { config: { ...config, optimizer: { ...optimizer, update: 'dense' } }, repairs }
}
