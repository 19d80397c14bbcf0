import { bce } from './bce.ts'

/** The BCE loss of a batch and its gradient with respect to each of the batch's rows, before rows are merged. */
export interface BceGradients {
  /** Sum (not mean) of −ln σ(s_i) − ln(1 − σ(s_j)) over the count · K triples. */
  readonly lossSum: number
  /** count × K: the derivative of the mean loss by each triple's positive score, −σ(−s_i) / (count · K). */
  readonly positiveCoefficients: Float64Array
  /** count × K: the derivative of the mean loss by each triple's negative score, σ(s_j) / (count · K). */
  readonly negativeCoefficients: Float64Array
  /** count × dimension. */
  readonly users: Float64Array
  /** count × dimension. */
  readonly positives: Float64Array
  /** (count · K) × dimension. */
  readonly negatives: Float64Array
}

/**
 * The mean of the BCE loss over the count · K triples of a batch, by the batch's gathered rows. Slot b's user and positive
 * take part in K triples, one with each of its negatives, so that a positive weighs as much as its negatives together.
 *
 * @param users count × dimension
 * @param positives count × dimension
 * @param negatives (count · K) × dimension; K follows from the lengths
 */
export function bceGradients(
  users: Float64Array,
  positives: Float64Array,
  negatives: Float64Array,
  dimension: number,
): BceGradients {
  const count = users.length / dimension
  const triples = negatives.length / dimension
  const perPositive = triples / count
  const positiveCoefficients = new Float64Array(triples)
  const negativeCoefficients = new Float64Array(triples)
  const out = {
    users: new Float64Array(users.length),
    positives: new Float64Array(positives.length),
    negatives: new Float64Array(negatives.length),
  }
  let lossSum = 0
  for (let t = 0; t < triples; t++) {
    const slot = Math.floor(t / perPositive) * dimension
    const own = t * dimension
    const triple = bce(
      users.subarray(slot, slot + dimension),
      positives.subarray(slot, slot + dimension),
      negatives.subarray(own, own + dimension),
    )
    lossSum += triple.loss
    positiveCoefficients[t] = triple.positiveCoefficient / triples
    negativeCoefficients[t] = triple.negativeCoefficient / triples
    for (let f = 0; f < dimension; f++) {
      out.users[slot + f]! += triple.user[f]! / triples
      out.positives[slot + f]! += triple.positive[f]! / triples
      out.negatives[own + f]! += triple.negative[f]! / triples
    }
  }
  return { lossSum, positiveCoefficients, negativeCoefficients, ...out }
}
