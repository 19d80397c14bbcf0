/** Item numbers of a triple: what an objective keeps by item is looked up with them. */
export interface TripleItems {
  readonly positive: number
  readonly negative: number
}

/** The final vectors of a triple, each `dimension` long; users not normalised. */
export interface TripleVectors {
  readonly user: Float64Array
  readonly positive: Float64Array
  readonly negative: Float64Array
}

/** The loss of one triple and its gradient by each of the triple's vectors. */
export interface TripleGradients extends TripleVectors {
  readonly loss: number
}
