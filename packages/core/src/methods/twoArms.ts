import { rowColumns, type Arms, type Csr, type Matrix, type Sampler } from '@gradrec/engine'

/** The two arms of a controlled experiment, in the order in which their rows and columns stand. */
export const ARMS = ['control', 'treatment'] as const
export type Arm = (typeof ARMS)[number]

/**
 * Interactions of two arms over the same users and items in one matrix, as `Arms` of `@gradrec/engine` has it: item i is column i in
 * the control arm and items + i in the treatment arm; user u is row u, and in the treatment arm, with users apart, row users + u.
 */
export function twoArms(control: Csr, treatment: Csr, users: Arms['users']): Csr {
  const { rows, columnCount } = control
  const stackedRows = users === 'apart' ? 2 * rows : rows
  const rowPointer = new Uint32Array(stackedRows + 1)
  const columns = new Uint32Array(control.columns.length + treatment.columns.length)
  let end = 0
  const append = (interactions: Csr, row: number, firstColumn: number): void => {
    for (const column of rowColumns(interactions, row)) columns[end++] = firstColumn + column
  }
  for (let row = 0; row < stackedRows; row++) {
    if (row < rows) append(control, row, 0)
    if (users === 'shared') append(treatment, row, columnCount)
    else if (row >= rows) append(treatment, row - rows, columnCount)
    rowPointer[row + 1] = end
  }
  return { rows: stackedRows, columnCount: 2 * columnCount, rowPointer, columns }
}

/**
 * The probability that a drawn positive is one of the control arm: their share of the interactions, or, with users drawn uniformly
 * among those that have any, the mean of their share of each user's.
 */
export function controlShare(interactions: Csr, positives: Sampler['positives']): number {
  const { rows, columnCount, rowPointer, columns } = interactions
  const items = columnCount / 2
  const controlIn = (entries: Uint32Array): number =>
    entries.reduce((count, column) => (column < items ? count + 1 : count), 0)
  if (positives === 'interaction') return controlIn(columns) / columns.length
  let active = 0
  let shares = 0
  for (let row = 0; row < rows; row++) {
    const length = rowPointer[row + 1]! - rowPointer[row]!
    if (length === 0) continue
    active++
    shares += controlIn(rowColumns(interactions, row)) / length
  }
  return shares / active
}

/** An arm's rows of a matrix that holds `rows` of each; the whole matrix where the arms share their rows. */
export function rowsOfArm(matrix: Matrix, arm: Arm, rows: number): Matrix {
  if (matrix.rows !== 2 * rows) return matrix
  const { dimension, values } = matrix
  const first = ARMS.indexOf(arm) * rows * dimension
  return { rows, dimension, values: values.subarray(first, first + rows * dimension) }
}
