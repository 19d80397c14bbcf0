import type { Graph } from '@gradrec/engine'
import { spmm } from './spmm.ts'

/**
 * LightGCN's final embeddings (He et al., SIGIR 2020; METHODS.md §6): the mean of layers 0 … L, (z_0 + … + z_L) / (L + 1), with
 * z_0 = E and z_l = M_l ∘ (Â z_{l−1}), Â the graph's matrix and M_l the layer's dropout mask, all ones without dropout.
 *
 * @param table E: nodes × dimension, users first
 * @param layers L; 0 returns a copy of the table
 * @param masks of layers 1 … L in the places 0 … L − 1, each nodes × dimension; none without dropout
 * @returns nodes × dimension
 */
export function propagate(
  table: Float64Array,
  graph: Graph,
  layers: number,
  dimension: number,
  masks?: readonly Float64Array[],
): Float64Array {
  const sum = table.slice()
  let layer = table
  for (let l = 1; l <= layers; l++) {
    layer = masked(spmm(graph, layer, dimension), masks?.[l - 1])
    for (let at = 0; at < sum.length; at++) sum[at]! += layer[at]!
  }
  return sum.map((value) => value / (layers + 1))
}

/** Numbers times their mask, one by one; without a mask as they are. */
export function masked(values: Float64Array, mask: Float64Array | undefined): Float64Array {
  return mask === undefined ? values : values.map((value, at) => value * mask[at]!)
}
