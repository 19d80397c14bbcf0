import { bpr } from './bpr.ts'

/** The BPR loss of a batch and its gradient with respect to each of the batch's rows, before rows are merged. */
export interface BprGradients {
  /** Sum (not mean) of −ln σ(x) over the count · K triples. */
  readonly lossSum: number
  /** count × K: the derivative of the mean loss by each triple's x, −σ(−x) / (count · K). */
  readonly coefficients: Float64Array
  /** count × dimension. */
  readonly users: Float64Array
  /** count × dimension. */
  readonly positives: Float64Array
  /** (count · K) × dimension. */
  readonly negatives: Float64Array
}

/**
 * The mean of the BPR loss over the count · K triples of a batch, by the batch's gathered rows. Slot b's user and positive
 * take part in K triples, one with each of its negatives, and their gradients are the sums over those.
 *
 * @param users count × dimension
 * @param positives count × dimension
 * @param negatives (count · K) × dimension; K follows from the lengths
 */
export function bprGradients(
  users: Float64Array,
  positives: Float64Array,
  negatives: Float64Array,
  dimension: number,
): BprGradients {
  const count = users.length / dimension
  const triples = negatives.length / dimension
  const perPositive = triples / count
  const coefficients = new Float64Array(triples)
  const out = {
    users: new Float64Array(users.length),
    positives: new Float64Array(positives.length),
    negatives: new Float64Array(negatives.length),
  }
  let lossSum = 0
  for (let t = 0; t < triples; t++) {
    const slot = Math.floor(t / perPositive) * dimension
    const own = t * dimension
    const triple = bpr(
      users.subarray(slot, slot + dimension),
      positives.subarray(slot, slot + dimension),
      negatives.subarray(own, own + dimension),
    )
    lossSum += triple.loss
    coefficients[t] = triple.coefficient / triples
    for (let f = 0; f < dimension; f++) {
      out.users[slot + f]! += triple.user[f]! / triples
      out.positives[slot + f]! += triple.positive[f]! / triples
      out.negatives[own + f]! += triple.negative[f]! / triples
    }
  }
  return { lossSum, coefficients, ...out }
}
