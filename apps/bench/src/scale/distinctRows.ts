import { columnCounts, type Csr } from '@gradrec/engine'

/**
 * Rows of the table that a step of `batch` interactions and `negatives` items each touches, on average: what is gathered from memory and
 * updated once, however often a step draws it. With few users they are few, and steps are cheap for that.
 *
 * An interaction is in a step with probability batch / interactions, nearly independent of the others; a negative is nearly uniform.
 */
export function distinctRowsOfStep(interactions: Csr, batch: number, negatives: number): number {
  const { rows, rowPointer, columns, columnCount } = interactions
  const notDrawn = 1 - batch / columns.length
  const noNegative = (1 - 1 / columnCount) ** (batch * negatives)
  let distinct = 0
  for (let user = 0; user < rows; user++) distinct += 1 - notDrawn ** (rowPointer[user + 1]! - rowPointer[user]!)
  for (const count of columnCounts(interactions)) distinct += 1 - notDrawn ** count * noNegative
  return distinct
}
