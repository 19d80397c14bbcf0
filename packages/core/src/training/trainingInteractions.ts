import { rowColumns, type Csr } from '@gradrec/engine'
import type { Dataset, Repair } from '@gradrec/data'
import { DatasetError } from '../errors.ts'

export interface TrainingInteractions {
  /** What is trained on: the data set's training part, in its numbering. */
  readonly interactions: Csr
  readonly repairs: readonly Repair[]
}

/**
 * The training part without the interactions of users who have every item: no negative could be sampled for them. Such users
 * keep their rows and numbers.
 *
 * @throws DatasetError where nothing is left to train on
 */
export function trainingInteractions(dataset: Dataset): TrainingInteractions {
  const { train } = dataset.parts
  if (train.columns.length === 0) throw new DatasetError(`data set "${dataset.name}" has no training interactions`)
  const complete = usersWithEveryItem(train)
  if (complete.size === 0) return { interactions: train, repairs: [] }
  const interactions = withoutRows(train, complete)
  if (interactions.columns.length === 0) {
    throw new DatasetError(
      `in data set "${dataset.name}" every user with training interactions has interacted with all ${train.columnCount} items, ` +
        'which leaves no negative to sample; add the items that nobody chose, or other users',
    )
  }
  const message =
    `${complete.size} ${complete.size === 1 ? 'user has' : 'users have'} interacted with all ${train.columnCount} items and ` +
    `leave no negative to sample: their ${train.columns.length - interactions.columns.length} interactions are not trained on`
  return { interactions, repairs: [{ code: 'user-with-every-item', count: complete.size, message }] }
}

function usersWithEveryItem(train: Csr): Set<number> {
  const users = new Set<number>()
  for (let u = 0; u < train.rows; u++) if (rowColumns(train, u).length === train.columnCount) users.add(u)
  return users
}

function withoutRows(matrix: Csr, dropped: ReadonlySet<number>): Csr {
  const rowPointer = new Uint32Array(matrix.rows + 1)
  const columns = new Uint32Array(matrix.columns.length - dropped.size * matrix.columnCount)
  let at = 0
  for (let r = 0; r < matrix.rows; r++) {
    if (!dropped.has(r)) {
      columns.set(rowColumns(matrix, r), at)
      at += rowColumns(matrix, r).length
    }
    rowPointer[r + 1] = at
  }
  return { rows: matrix.rows, columnCount: matrix.columnCount, rowPointer, columns }
}
