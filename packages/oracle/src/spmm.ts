import type { Graph } from '@gradrec/engine'

/**
 * One layer of propagation, the product of the graph's matrix with a dense one, Y = Â X:
 * y[r] = rowScale[r] · Σ_{c ∈ neighbours(r)} columnScale[c] · x[c].
 *
 * @param x nodes × dimension
 * @returns nodes × dimension
 */
export function spmm(graph: Graph, x: Float64Array, dimension: number): Float64Array {
  const { nodes, rowPointer, columns, rowScale, columnScale } = graph
  const y = new Float64Array(nodes * dimension)
  for (let r = 0; r < nodes; r++) {
    for (let edge = rowPointer[r]!; edge < rowPointer[r + 1]!; edge++) {
      const c = columns[edge]!
      const weight = rowScale[r]! * columnScale[c]!
      for (let f = 0; f < dimension; f++) y[r * dimension + f]! += weight * x[c * dimension + f]!
    }
  }
  return y
}
