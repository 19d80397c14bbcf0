import type { Csr } from '@gradrec/engine'

/** The entries of a matrix whose mark in `part` (parallel to its columns) is `wanted`. */
export function pairsOfPart(matrix: Csr, part: Uint8Array, wanted: number): Csr {
  const rowPointer = new Uint32Array(matrix.rows + 1)
  const columns = new Uint32Array(matrix.columns.length)
  let kept = 0
  for (let row = 0; row < matrix.rows; row++) {
    for (let k = matrix.rowPointer[row]!; k < matrix.rowPointer[row + 1]!; k++) {
      if (part[k] === wanted) columns[kept++] = matrix.columns[k]!
    }
    rowPointer[row + 1] = kept
  }
  return { rows: matrix.rows, columnCount: matrix.columnCount, rowPointer, columns: columns.slice(0, kept) }
}
