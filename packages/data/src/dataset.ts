import type { Csr } from '@gradrec/engine'
import type { IdMap } from './idMap.ts'

/** The parts a data set is cut into. Every part is users × items with the same numbering; parts never share a pair. */
export interface Parts {
  /** What is trained on; with DICE's protocol the biased 60 % and the intervened 10 % together (METHODS.md §8.1, `dice`). */
  readonly train: Csr
  /** The intervened (popularity-unbiased) share of `train`, where there is one. */
  readonly intervenedTrain?: Csr
  readonly validation?: Csr
  readonly test?: Csr
  /** A held-out part drawn like `train`, to show beside an intervened `test`. */
  readonly biasedTest?: Csr
}

/** Something the reader or filter mended, counted: shown to the user, never silent. */
export interface Repair {
  readonly code: string
  readonly count: number
  /** One sentence with the count in it. */
  readonly message: string
}

/** Interactions as every part of gradrec above the readers sees them: columns of numbers, and maps back to the outside ids. */
export interface Dataset {
  readonly name: string
  readonly users: IdMap
  readonly items: IdMap
  readonly parts: Parts
  /** SHA-256 (hex) over ids and parts: two data sets with one hash train the same model. */
  readonly hash: string
  readonly repairs: readonly Repair[]
  /** How the parts came about, one or two sentences. */
  readonly protocol: string
  /** Simulated data only: what the observations were drawn from. */
  readonly truth?: GroundTruth
}

/** What the simulator knows and a recommender has to find out. */
export interface GroundTruth {
  readonly interestDimension: number
  /** users × interestDimension, row-major. */
  readonly userInterests: Float32Array
  /** items × interestDimension, row-major. */
  readonly itemInterests: Float32Array
  readonly userActivity: Float32Array
  readonly userConformity: Float32Array
  readonly itemQuality: Float32Array
  readonly itemPopularity: Float32Array
}
