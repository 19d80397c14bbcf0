import { sigmoid, softplus } from './softplus.ts'

/** The BCE loss of one triple and its gradient with respect to the triple's three vectors. */
export interface Bce {
  /** −ln σ(s_i) − ln(1 − σ(s_j)), s_i = p_u·q_i and s_j = p_u·q_j. */
  readonly loss: number
  /** dloss/ds_i = −σ(−s_i). */
  readonly positiveCoefficient: number
  /** dloss/ds_j = σ(s_j). */
  readonly negativeCoefficient: number
  readonly user: Float64Array
  readonly positive: Float64Array
  readonly negative: Float64Array
}

/**
 * Binary cross-entropy (METHODS.md §4.1, §2.3 L) of one triple (u, i, j), whose item i should score high and j low:
 * loss = −ln σ(s_i) − ln(1 − σ(s_j)) = softplus(−s_i) + softplus(s_j). With a = dloss/ds_i = −σ(−s_i) and
 * b = dloss/ds_j = σ(s_j) the gradients are a q_i + b q_j for p_u, a p_u for q_i and b p_u for q_j.
 */
export function bce(user: Float64Array, positive: Float64Array, negative: Float64Array): Bce {
  let positiveScore = 0
  let negativeScore = 0
  for (let f = 0; f < user.length; f++) {
    positiveScore += user[f]! * positive[f]!
    negativeScore += user[f]! * negative[f]!
  }
  const a = -sigmoid(-positiveScore)
  const b = sigmoid(negativeScore)
  return {
    loss: softplus(-positiveScore) + softplus(negativeScore),
    positiveCoefficient: a,
    negativeCoefficient: b,
    user: user.map((_, f) => a * positive[f]! + b * negative[f]!),
    positive: user.map((p) => a * p),
    negative: user.map((p) => b * p),
  }
}
