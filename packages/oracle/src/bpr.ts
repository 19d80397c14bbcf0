import { sigmoid, softplus } from './softplus.ts'

/** The BPR loss of one triple and its gradient with respect to the triple's three vectors. */
export interface Bpr {
  /** −ln σ(x), x = p_u·q_i − p_u·q_j. */
  readonly loss: number
  /** dloss/dx = −σ(−x). */
  readonly coefficient: number
  readonly user: Float64Array
  readonly positive: Float64Array
  readonly negative: Float64Array
}

/**
 * Bayesian personalised ranking (Rendle et al., UAI 2009; METHODS.md §3.3) of one triple (u, i, j):
 * loss = −ln σ(x) = softplus(−x) with x = p_u·(q_i − q_j). With c = dloss/dx = −σ(−x) the gradients are
 * c (q_i − q_j) for p_u, c p_u for q_i and −c p_u for q_j.
 */
export function bpr(user: Float64Array, positive: Float64Array, negative: Float64Array): Bpr {
  let x = 0
  for (let f = 0; f < user.length; f++) x += user[f]! * (positive[f]! - negative[f]!)
  const coefficient = -sigmoid(-x)
  return {
    loss: softplus(-x),
    coefficient,
    user: user.map((_, f) => coefficient * (positive[f]! - negative[f]!)),
    positive: user.map((p) => coefficient * p),
    negative: user.map((p) => -coefficient * p),
  }
}
