import type { Csr } from '@gradrec/engine'

/** Interactions of users × items, and when each took place where that is known. */
export interface TimedPairs {
  readonly matrix: Csr
  /** Parallel to `matrix.columns`. Of a pair that occurs more than once, the earliest time. */
  readonly time: Float64Array | undefined
}

/**
 * The time of every pair of a matrix: of repeated ones the earliest, since from then on the user knows the item; a later time
 * would let a split by time test what was known before.
 *
 * @param user row of each interaction, repeats included
 * @param item column of each interaction
 * @param time of each interaction
 */
export function earliestTimes(
  matrix: Csr,
  user: ArrayLike<number>,
  item: ArrayLike<number>,
  time: ArrayLike<number>,
): Float64Array {
  const earliest = new Float64Array(matrix.columns.length).fill(Infinity)
  for (let k = 0; k < user.length; k++) {
    const at = positionOf(matrix, user[k]!, item[k]!)
    if (time[k]! < earliest[at]!) earliest[at] = time[k]!
  }
  return earliest
}

/** The times of the pairs of `part`, all of which are in `whole`. */
export function timesWithin(part: Csr, whole: Csr, time: Float64Array): Float64Array {
  const times = new Float64Array(part.columns.length)
  for (let user = 0; user < part.rows; user++) {
    let at = whole.rowPointer[user]!
    for (let k = part.rowPointer[user]!; k < part.rowPointer[user + 1]!; k++) {
      while (whole.columns[at]! < part.columns[k]!) at++
      times[k] = time[at]!
    }
  }
  return times
}

/** Where in `columns` a pair that the matrix has stands. */
function positionOf(matrix: Csr, row: number, column: number): number {
  let low = matrix.rowPointer[row]!
  let high = matrix.rowPointer[row + 1]! - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (matrix.columns[middle]! < column) low = middle + 1
    else high = middle
  }
  return low
}
