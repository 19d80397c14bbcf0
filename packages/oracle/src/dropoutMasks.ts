import { dropoutScale, dropoutThreshold, isKept, keyOfSeed } from '@gradrec/engine'

export interface DropoutOptions {
  /** Share of numbers dropped, 0 up to, not including, 1. */
  readonly dropout: number
  readonly seed: number
  readonly nodes: number
  readonly layers: number
  readonly dimension: number
}

/**
 * What a step's dropout multiplies each propagated layer by: 0, or `dropoutScale` where a number is kept, so that the mean
 * of a mask is 1.
 *
 * @param step 0-based, counted over the whole run
 * @returns the masks of layers 1 … L in the places 0 … L − 1, each nodes × dimension
 */
export function dropoutMasks(step: number, options: DropoutOptions): Float64Array[] {
  const { dropout, seed, nodes, layers, dimension } = options
  const threshold = dropoutThreshold(dropout)
  const scale = dropoutScale(dropout)
  const key = keyOfSeed(seed)
  return Array.from({ length: layers }, (_, before) =>
    Float64Array.from({ length: nodes * dimension }, (__, at) => {
      const node = Math.floor(at / dimension)
      return isKept(step, node, before + 1, at % dimension, threshold, key) ? scale : 0
    }),
  )
}
