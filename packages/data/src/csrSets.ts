import type { Csr } from '@gradrec/engine'

/** The pairs that are in `a`, in `b`, or in both. Both have the same shape. */
export function csrUnion(a: Csr, b: Csr): Csr {
  return merge(a, b, a.columns.length + b.columns.length, (inA, inB) => inA || inB)
}

/** The pairs of `a` that are not in `b`. Both have the same shape. */
export function csrDifference(a: Csr, b: Csr): Csr {
  return merge(a, b, a.columns.length, (inA, inB) => inA && !inB)
}

/** The pairs that are in both. Both have the same shape. */
export function csrIntersection(a: Csr, b: Csr): Csr {
  return merge(a, b, Math.min(a.columns.length, b.columns.length), (inA, inB) => inA && inB)
}

/** Whether row `row` holds `column`: a binary search. */
export function csrHas(matrix: Csr, row: number, column: number): boolean {
  let low = matrix.rowPointer[row]!
  let high = matrix.rowPointer[row + 1]!
  while (low < high) {
    const middle = (low + high) >>> 1
    if (matrix.columns[middle]! < column) low = middle + 1
    else high = middle
  }
  return low < matrix.rowPointer[row + 1]! && matrix.columns[low] === column
}

/** Entries of row `row`. */
export function rowLength(matrix: Csr, row: number): number {
  return matrix.rowPointer[row + 1]! - matrix.rowPointer[row]!
}

/** Walks the two ascending rows together, as a merge sort does, and keeps the columns that `keep` wants. */
function merge(a: Csr, b: Csr, capacity: number, keep: (inA: boolean, inB: boolean) => boolean): Csr {
  const rowPointer = new Uint32Array(a.rows + 1)
  const columns = new Uint32Array(capacity)
  let kept = 0
  for (let row = 0; row < a.rows; row++) {
    let p = a.rowPointer[row]!
    let q = b.rowPointer[row]!
    const endA = a.rowPointer[row + 1]!
    const endB = b.rowPointer[row + 1]!
    while (p < endA || q < endB) {
      const columnA = p < endA ? a.columns[p]! : Infinity
      const columnB = q < endB ? b.columns[q]! : Infinity
      const column = Math.min(columnA, columnB)
      if (keep(columnA === column, columnB === column)) columns[kept++] = column
      if (columnA === column) p++
      if (columnB === column) q++
    }
    rowPointer[row + 1] = kept
  }
  return { rows: a.rows, columnCount: a.columnCount, rowPointer, columns: columns.slice(0, kept) }
}
