import type { Graph } from '@gradrec/engine'

/**
 * One layer of propagation, the sparse × dense product Y = D^−½ A D^−½ X:
 * y[r] = scale[r] · Σ_{c ∈ neighbours(r)} scale[c] · x[c].
 *
 * @param x nodes × dimension
 * @returns nodes × dimension
 */
export function spmm(graph: Graph, x: Float64Array, dimension: number): Float64Array {
  const { nodes, rowPointer, columns, scale } = graph
  const y = new Float64Array(nodes * dimension)
  for (let r = 0; r < nodes; r++) {
    for (let edge = rowPointer[r]!; edge < rowPointer[r + 1]!; edge++) {
      const c = columns[edge]!
      const weight = scale[r]! * scale[c]!
      for (let f = 0; f < dimension; f++) y[r * dimension + f]! += weight * x[c * dimension + f]!
    }
  }
  return y
}
