import { columnCounts, type Csr } from '@gradrec/engine'
import { csrDifference, csrIntersection, csrUnion } from './csrSets.ts'
import type { Dataset, GroundTruth, Parts, Repair } from './dataset.ts'
import { datasetHash } from './datasetHash.ts'
import { DataShapeError, EmptyDataError } from './errors.ts'
import type { IdMap } from './idMap.ts'
import { countRepair } from './repair.ts'

export interface DatasetFromPartsOptions {
  readonly name: string
  readonly users: IdMap
  readonly items: IdMap
  /** Each users × items. `intervenedTrain` need not be inside `train` yet: the two are united. */
  readonly parts: Parts
  /** How the parts came about, one or two sentences. */
  readonly protocol: string
  /** What was mended before, by readers and filters. */
  readonly repairs?: readonly Repair[]
  readonly truth?: GroundTruth
}

/** Held-out parts in the order in which they give way: a pair stays in the first part that has it. */
const HELD_OUT = ['validation', 'test', 'biasedTest'] as const

/**
 * Makes a data set of ready parts. A pair that stands in two parts is kept in `train`, or else in the first of validation,
 * test and biased test, and counted; so are users and items that nothing is known about after training.
 *
 * Throws `DataShapeError` when a part does not have the shape of the ids, and `EmptyDataError` without training pairs.
 */
export async function datasetFromParts(options: DatasetFromPartsOptions): Promise<Dataset> {
  const { name, users, items, protocol, truth } = options
  for (const [part, matrix] of Object.entries(options.parts) as [string, Csr | undefined][]) {
    if (matrix === undefined || (matrix.rows === users.size && matrix.columnCount === items.size)) continue
    throw new DataShapeError(
      `${name}: the part ${part} is ${matrix.rows} users × ${matrix.columnCount} items, but there are ${users.size} user ids ` +
        `and ${items.size} item ids; every part must count the same users and items`,
    )
  }
  const repairs = [...(options.repairs ?? [])]
  const parts = separate(options.parts, repairs)
  if (parts.train.columns.length === 0) {
    throw new EmptyDataError(`${name}: there is no training interaction; expected at least one`)
  }
  countUntrained(parts.train, repairs)
  const hash = await datasetHash(users, items, parts)
  return { name, users, items, parts, hash, repairs, protocol, ...(truth === undefined ? {} : { truth }) }
}

function separate(given: Parts, repairs: Repair[]): Parts {
  const { intervenedTrain } = given
  const train = intervenedTrain === undefined ? given.train : csrUnion(given.train, intervenedTrain)
  const parts: { -readonly [Name in keyof Parts]: Csr } = { train, ...(intervenedTrain && { intervenedTrain }) }
  let taken = train
  for (const name of HELD_OUT) {
    const part = given[name]
    if (part === undefined) continue
    const shared = csrIntersection(part, taken).columns.length
    parts[name] = shared === 0 ? part : csrDifference(part, taken)
    countRepair(repairs, 'part-overlap', shared, name)
    taken = csrUnion(taken, part)
  }
  return parts
}

function countUntrained(train: Csr, repairs: Repair[]): void {
  let users = 0
  for (let row = 0; row < train.rows; row++) if (train.rowPointer[row] === train.rowPointer[row + 1]) users++
  countRepair(repairs, 'user-without-training', users)
  countRepair(repairs, 'item-without-training', columnCounts(train).filter((count) => count === 0).length)
}
