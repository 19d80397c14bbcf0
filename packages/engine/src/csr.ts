/**
 * Sparse rows without values (compressed sparse row). The columns of row r are
 * `columns[rowPointer[r] … rowPointer[r + 1] − 1]`, ascending and distinct. In this project rows are users and columns
 * items, unless a name says otherwise.
 */
export interface Csr {
  readonly rows: number
  readonly columnCount: number
  /** `rows + 1` offsets into `columns`. */
  readonly rowPointer: Uint32Array
  readonly columns: Uint32Array
}

/**
 * Builds sparse rows from parallel arrays of row and column numbers, in O(pairs + rows + columns). Repeated pairs are kept
 * once.
 *
 * @param rowOf row of each pair, each `< rows`
 * @param columnOf column of each pair, each `< columnCount`
 */
export function csrFromPairs(
  rowOf: ArrayLike<number>,
  columnOf: ArrayLike<number>,
  rows: number,
  columnCount: number,
): Csr {
  const pairs = rowOf.length
  // Two stable counting sorts, by column and then by row, leave each row's columns ascending.
  const byColumn = countingOrder(columnOf, pairs, columnCount)
  const rowPointer = new Uint32Array(rows + 1)
  for (let p = 0; p < pairs; p++) rowPointer[rowOf[p]! + 1]!++
  for (let r = 0; r < rows; r++) rowPointer[r + 1]! += rowPointer[r]!
  const next = rowPointer.slice(0, rows)
  const columns = new Uint32Array(pairs)
  for (let k = 0; k < pairs; k++) {
    const p = byColumn[k]!
    columns[next[rowOf[p]!]!++] = columnOf[p]!
  }
  return dropRepeats(rows, columnCount, rowPointer, columns)
}

/** The same pairs with rows and columns exchanged. */
export function transpose(matrix: Csr): Csr {
  return csrFromPairs(matrix.columns, rowOfEachEntry(matrix), matrix.columnCount, matrix.rows)
}

/** The row number of every entry, parallel to `columns`. */
export function rowOfEachEntry(matrix: Csr): Uint32Array {
  const rowOf = new Uint32Array(matrix.columns.length)
  for (let r = 0; r < matrix.rows; r++) rowOf.fill(r, matrix.rowPointer[r]!, matrix.rowPointer[r + 1]!)
  return rowOf
}

/** Entries per column: for training interactions, the popularity of each item. */
export function columnCounts(matrix: Csr): Uint32Array {
  const counts = new Uint32Array(matrix.columnCount)
  for (const column of matrix.columns) counts[column]!++
  return counts
}

/** The columns of one row, as a view. */
export function rowColumns(matrix: Csr, row: number): Uint32Array {
  return matrix.columns.subarray(matrix.rowPointer[row]!, matrix.rowPointer[row + 1]!)
}

function countingOrder(keys: ArrayLike<number>, length: number, keyCount: number): Uint32Array {
  const start = new Uint32Array(keyCount + 1)
  for (let p = 0; p < length; p++) start[keys[p]! + 1]!++
  for (let k = 0; k < keyCount; k++) start[k + 1]! += start[k]!
  const order = new Uint32Array(length)
  for (let p = 0; p < length; p++) order[start[keys[p]!]!++] = p
  return order
}

function dropRepeats(rows: number, columnCount: number, rowPointer: Uint32Array, columns: Uint32Array): Csr {
  let kept = 0
  let begin = 0
  for (let r = 0; r < rows; r++) {
    const end = rowPointer[r + 1]!
    const keptBefore = kept
    for (let k = begin; k < end; k++) {
      if (kept > keptBefore && columns[kept - 1] === columns[k]) continue
      columns[kept++] = columns[k]!
    }
    begin = end
    rowPointer[r + 1] = kept
  }
  return { rows, columnCount, rowPointer, columns: kept === columns.length ? columns : columns.slice(0, kept) }
}
