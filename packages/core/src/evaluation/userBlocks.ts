import { rowColumns, type Csr, type Matrix } from '@gradrec/engine'
import type { Dataset } from '@gradrec/data'
import { AbortedError, DatasetError } from '../errors.ts'

/**
 * Whom a mean is over: users with at least one held-out item, or all users with 0 for the others, which is how DICE's code
 * divides (METHODS.md §3.8). For accuracy the two differ by a constant factor. Metrics of popularity and exposure look at the
 * lists of just these users.
 */
export type AverageOver = 'usersWithTest' | 'allUsers'

/** A part of a data set that can be held against a model. */
export type EvaluatedPart = 'validation' | 'test' | 'biasedTest'

/** What lists are made for whom. */
export interface RankingOptions {
  readonly averageOver: AverageOver
  /** Leave a user's validation items out of lists, as training items are. Means nothing for the validation part itself. */
  readonly maskValidation: boolean
  /** Stops between blocks of users with an `AbortedError`. */
  readonly signal?: AbortSignal
}

/** Users that are ranked in one call. */
export interface UserBlock {
  /** User numbers, ascending. */
  readonly users: Uint32Array
  /** Place of the first of them among all users that are ranked. */
  readonly begin: number
  /** What is never listed for them, a row each. */
  readonly exclude: Csr
}

/** The held-out items of a part. @throws DatasetError where the data set has no such part */
export function heldOutItems(dataset: Dataset, part: EvaluatedPart): Csr {
  const heldOut = dataset.parts[part]
  if (heldOut === undefined) throw new DatasetError(`data set "${dataset.name}" has no ${part} part to evaluate on`)
  return heldOut
}

/** The users that means are over, ascending. */
export function averagedUsers(heldOut: Csr, averageOver: AverageOver): Uint32Array {
  return averageOver === 'allUsers' ? Uint32Array.from({ length: heldOut.rows }, (_, u) => u) : usersWithAny(heldOut)
}

/** The users with items in a part, ascending: accuracy is known to be 0 for the others, whatever their lists. */
export function usersWithAny(heldOut: Csr): Uint32Array {
  const users: number[] = []
  for (let u = 0; u < heldOut.rows; u++) if (heldOut.rowPointer[u + 1]! > heldOut.rowPointer[u]!) users.push(u)
  return Uint32Array.from(users)
}

/** Cuts users into blocks, each with what its lists leave out. @throws AbortedError when stopped */
export function* userBlocks(
  users: Uint32Array,
  usersPerBlock: number,
  dataset: Dataset,
  part: EvaluatedPart,
  { maskValidation, signal }: RankingOptions,
): Generator<UserBlock, void, void> {
  const { train, validation } = dataset.parts
  const masks = maskValidation && part !== 'validation' && validation ? [train, validation] : [train]
  for (let begin = 0; begin < users.length; begin += usersPerBlock) {
    if (signal?.aborted) throw new AbortedError('evaluation')
    const block = users.subarray(begin, begin + usersPerBlock)
    yield { users: block, begin, exclude: unionOfRows(masks, block, train.columnCount) }
  }
}

/** The chosen rows of a matrix, copied. */
export function rowsOf(matrix: Matrix, rows: Uint32Array): Matrix {
  const { dimension } = matrix
  const values = new Float32Array(rows.length * dimension)
  rows.forEach((row, to) => values.set(matrix.values.subarray(row * dimension, (row + 1) * dimension), to * dimension))
  return { rows: rows.length, dimension, values }
}

/** The chosen rows of several sparse matrices laid over each other, a row for each of `rows`. */
function unionOfRows(matrices: readonly Csr[], rows: Uint32Array, columnCount: number): Csr {
  const rowPointer = new Uint32Array(rows.length + 1)
  let entries = 0
  for (const row of rows) for (const matrix of matrices) entries += rowColumns(matrix, row).length
  const columns = new Uint32Array(entries)
  let at = 0
  rows.forEach((row, to) => {
    const begin = at
    for (const matrix of matrices) {
      columns.set(rowColumns(matrix, row), at)
      at += rowColumns(matrix, row).length
    }
    // Parts share no pair, so the union of ascending rows needs a sort and no search for repeats.
    if (matrices.length > 1) columns.subarray(begin, at).sort()
    rowPointer[to + 1] = at
  })
  return { rows: rows.length, columnCount, rowPointer, columns }
}
