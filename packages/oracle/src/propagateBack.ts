import { transposedGraph, type Graph } from '@gradrec/engine'
import { masked } from './propagate.ts'
import { spmm } from './spmm.ts'

/**
 * The gradient by the table E from the gradient G by `propagate(E)`: the adjoint of a linear map. Layer l passes on what the mean
 * gives it and what the next layer sends back through its mask and the transposed matrix:
 *
 *     a_L = G / (L + 1)      a_{l−1} = G / (L + 1) + Âᵀ (M_l ∘ a_l)      the gradient by E is a_0
 *
 * With a symmetric graph and without dropout it is `propagate` itself.
 *
 * @param gradient G: nodes × dimension
 * @param masks those of the way forward
 * @returns nodes × dimension
 */
export function propagateBack(
  gradient: Float64Array,
  graph: Graph,
  layers: number,
  dimension: number,
  masks?: readonly Float64Array[],
): Float64Array {
  const back = transposedGraph(graph)
  const share = gradient.map((value) => value / (layers + 1))
  let layer = share
  for (let l = layers; l >= 1; l--) {
    const sent = spmm(back, masked(layer, masks?.[l - 1]), dimension)
    layer = share.map((value, at) => value + sent[at]!)
  }
  return layer
}
