import type { Arms } from './arms.ts'
import { rowColumns, type Csr } from './csr.ts'
import { SpecError } from './errors.ts'
import { tableRows, type FitSpec, type LightGcn, type Optimizer } from './fit.ts'
import type { PairwiseObjective } from './objective.ts'
import { dropoutThreshold } from './random/dropout.ts'

/** The largest width, batch and number of negatives that engines are built and tested for. */
export const FIT_LIMITS = { dimension: 512, batch: 65_536, negatives: 64 } as const

/** Throws a `SpecError` for anything in the spec that no engine could train. Engines call it first. */
export function checkFitSpec(spec: FitSpec): void {
  const { interactions, dimension, batch, sampler, seed, initialTable, backbone, objective } = spec
  const pairs = interactions.columns.length
  whole('dimension', dimension, 4, FIT_LIMITS.dimension)
  if (dimension % 4 !== 0) throw new SpecError(`dimension is ${dimension}; expected a multiple of 4`)
  if (pairs === 0) throw new SpecError('there are no training interactions; expected at least one')
  whole('batch', batch, 1, FIT_LIMITS.batch)
  if (batch > pairs) throw new SpecError(`batch is ${batch}, more than the ${pairs} training interactions there are`)
  whole('negatives', sampler.negatives, 1, FIT_LIMITS.negatives)
  whole('seed', seed, 0, Number.MAX_SAFE_INTEGER)
  if (backbone.kind === 'lgn') checkLightGcn(backbone)
  checkObjective(spec)
  checkMargin(spec)
  checkArms(spec)
  checkOptimizer(spec.optimizer)
  checkLazy(spec)
  if (spec.arms === undefined) checkNegativesLeft(interactions)
  const expected = tableRows(spec) * dimension
  if (initialTable.length !== expected) {
    const rows = objective.kind === 'macr' ? '(users + items + 2)' : '(users + items)'
    throw new SpecError(`initialTable has ${initialTable.length} numbers; expected ${rows} × dimension = ${expected}`)
  }
  const bad = initialTable.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw new SpecError(`initialTable[${bad}] is ${initialTable[bad]}; expected finite numbers`)
}

function checkObjective({ objective, recording = 'none', dimension, interactions }: FitSpec): void {
  notNegative('l2', objective.l2)
  if (objective.kind !== 'bpr' && objective.kind !== 'bce' && recording !== 'none') {
    throw new SpecError(
      `recording is "${recording}" with ${objective.kind}; expected "none", or the objective bpr or bce`,
    )
  }
  switch (objective.kind) {
    case 'dice':
      if (dimension % 8 !== 0) throw new SpecError(`dimension is ${dimension} with dice; expected a multiple of 8`)
      perItem('popularity', objective.popularity, interactions.columnCount)
      notNegative('interest', objective.interest)
      notNegative('conformity', objective.conformity)
      share('decay', objective.decay)
      notNegative('discrepancy', objective.discrepancy.weight)
      return
    case 'macr':
      notNegative('itemWeight', objective.itemWeight)
      notNegative('userWeight', objective.userWeight)
      return
    default:
      checkPairwise(objective, interactions.columnCount)
  }
}

function checkPairwise({ kind, negativeWeight, scoreFactors, lossWeights }: PairwiseObjective, items: number): void {
  if (negativeWeight !== undefined) {
    positive('negativeWeight', negativeWeight)
    if (kind !== 'bce')
      throw new SpecError(`negativeWeight is ${negativeWeight} with ${kind}; expected it with bce only`)
  }
  if (scoreFactors !== undefined) {
    perItem('scoreFactors', scoreFactors, items)
    for (const [item, value] of scoreFactors.entries()) positive(`scoreFactors[${item}]`, value)
  }
  if (lossWeights !== undefined) {
    perItem('lossWeights', lossWeights, items)
    for (const [item, value] of lossWeights.entries()) notNegative(`lossWeights[${item}]`, value)
  }
}

function checkMargin({ sampler: { margin }, interactions }: FitSpec): void {
  if (margin === undefined) return
  perItem('popularity', margin.popularity, interactions.columnCount)
  notNegative('margin', margin.margin)
  share('decay', margin.decay)
  whole('pool', margin.pool, 1, interactions.columnCount)
}

function checkNegativesLeft({ rows, rowPointer, columnCount }: Csr): void {
  for (let user = 0; user < rows; user++) {
    if (rowPointer[user + 1]! - rowPointer[user]! < columnCount) continue
    throw new SpecError(
      `user number ${user} has interacted with all ${columnCount} items, which leaves no negative to sample; ` +
        'remove such users, or add the items that nobody chose',
    )
  }
}

function checkArms({ arms, interactions, objective, recording = 'none', sampler, optimizer }: FitSpec): void {
  if (arms === undefined) return
  const { rows, columnCount } = interactions
  if (columnCount % 2 !== 0) throw new SpecError(`${columnCount} columns with arms; expected an even number`)
  notNegative('discrepancy', arms.discrepancy.weight)
  if (objective.kind !== 'bpr' && objective.kind !== 'bce') {
    throw new SpecError(`objective is "${objective.kind}" with arms; expected bpr or bce`)
  }
  if (recording !== 'none') throw new SpecError(`recording is "${recording}" with arms; expected "none"`)
  if (sampler.margin !== undefined)
    throw new SpecError('negatives are drawn by margin with arms; expected uniform ones')
  if (optimizer.kind === 'adam' && optimizer.update === 'lazy') {
    throw new SpecError(
      'update is "lazy" with arms, whose discrepancy reaches rows that are not drawn; expected "dense"',
    )
  }
  if (arms.users === 'apart' && rows % 2 !== 0) {
    throw new SpecError(`${rows} rows with users apart; expected an even number`)
  }
  for (let user = 0; user < rows; user++) checkArmsOfUser(interactions, user, arms)
}

/** Some negative has to be left in an arm that a user has positives in, and users apart keep to their own. */
function checkArmsOfUser(interactions: Csr, user: number, { users }: Arms): void {
  const items = interactions.columnCount / 2
  const columns = rowColumns(interactions, user)
  const control = columns.reduce((count, column) => count + (column < items ? 1 : 0), 0)
  const counts = { control, treatment: columns.length - control }
  for (const [arm, count] of Object.entries(counts)) {
    if (count === items) {
      throw new SpecError(
        `user number ${user} has all ${items} items of the ${arm} arm, which leaves no negative to sample`,
      )
    }
  }
  if (users === 'shared') return
  const other = user < interactions.rows / 2 ? 'treatment' : 'control'
  if (counts[other] > 0) {
    throw new SpecError(
      `user number ${user} has ${counts[other]} items of the ${other} arm; expected none with users apart`,
    )
  }
}

function perItem(name: string, values: ArrayLike<number>, items: number): void {
  if (values.length === items) return
  throw new SpecError(`${name} has ${values.length} numbers; expected one for each of the ${items} items`)
}

function share(name: string, value: number): void {
  if (!(value > 0 && value <= 1)) throw new SpecError(`${name} is ${value}; expected a number above 0, at most 1`)
}

function checkLightGcn({ layers, degreeExponent = 0.5, dropout = 0 }: LightGcn): void {
  whole('layers', layers, 1, 16)
  if (!(degreeExponent >= 0 && degreeExponent <= 1)) {
    throw new SpecError(`degreeExponent is ${degreeExponent}; expected a number from 0 to 1`)
  }
  if (!(dropout >= 0 && dropoutThreshold(dropout) < 65536)) {
    throw new SpecError(`dropout is ${dropout}; expected a number from 0 up to, not including, 1`)
  }
}

function checkOptimizer(optimizer: Optimizer): void {
  checkLearningRate(optimizer.learningRate)
  notNegative('weightDecay', optimizer.weightDecay)
  if (optimizer.kind === 'sgd') return
  for (const name of ['beta1', 'beta2'] as const) {
    const value = optimizer[name]
    if (!(value >= 0 && value < 1))
      throw new SpecError(`${name} is ${value}; expected a number from 0 up to, not including, 1`)
  }
  positive('epsilon', optimizer.epsilon)
}

/** Lazy updates need rows that only a drift in closed form moves between touches. */
function checkLazy({ optimizer, backbone }: FitSpec): void {
  if (optimizer.kind !== 'adam' || optimizer.update !== 'lazy') return
  if (backbone.kind === 'lgn') {
    throw new SpecError(
      'update is "lazy" with LightGCN, whose gradient reaches every row at every step; expected "dense"',
    )
  }
  if (optimizer.weightDecay > 0) {
    throw new SpecError(
      `update is "lazy" with weightDecay ${optimizer.weightDecay}, which gives every row a gradient at every step; ` +
        'expected "dense", or l2 in the place of weight decay',
    )
  }
}

function whole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new SpecError(`${name} is ${value}; expected a whole number from ${least} to ${most}`)
}

/** Throws a `SpecError` for a rate that no optimizer could have. */
export function checkLearningRate(learningRate: number): void {
  positive('learningRate', learningRate)
}

function positive(name: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) throw new SpecError(`${name} is ${value}; expected a number above 0`)
}

function notNegative(name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) throw new SpecError(`${name} is ${value}; expected a number, 0 or more`)
}
