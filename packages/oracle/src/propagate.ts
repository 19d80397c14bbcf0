import type { Graph } from '@gradrec/engine'
import { spmm } from './spmm.ts'

/**
 * LightGCN's final embeddings (He et al., SIGIR 2020; METHODS.md §6): with Â = D^−½ A D^−½ the mean of the layers,
 * (E + Â E + … + Â^L E) / (L + 1).
 *
 * Â is symmetric and the map is linear, so the same function is its own backward pass: the gradient by E is `propagate` of
 * the gradient by the final embeddings.
 *
 * @param table nodes × dimension, users first
 * @param layers L; 0 returns a copy of the table
 * @returns nodes × dimension
 */
export function propagate(table: Float64Array, graph: Graph, layers: number, dimension: number): Float64Array {
  const sum = table.slice()
  let layer = table
  for (let l = 1; l <= layers; l++) {
    layer = spmm(graph, layer, dimension)
    for (let at = 0; at < sum.length; at++) sum[at]! += layer[at]!
  }
  return sum.map((value) => value / (layers + 1))
}
