import { columnCounts, type Csr } from '@gradrec/engine'
import { unit } from './randomRun.ts'

/** What objectives and samplers want by item. */
export interface ItemNumbers {
  /** Interactions of each item: ties, and items without any. */
  readonly popularity: Uint32Array
  /** From ½ to 2. */
  readonly scoreFactors: Float32Array
  /** From 0 to 2; every seventh item weighs nothing. */
  readonly lossWeights: Float32Array
}

/** Numbers for the items of some interactions. */
export function itemNumbers(interactions: Csr): ItemNumbers {
  const length = interactions.columnCount
  return {
    popularity: columnCounts(interactions),
    scoreFactors: Float32Array.from({ length }, (_, item) => 0.5 + 1.5 * unit(item, 501)),
    lossWeights: Float32Array.from({ length }, (_, item) => (item % 7 === 3 ? 0 : 2 * unit(item, 502))),
  }
}
