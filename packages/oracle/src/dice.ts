import type { DiceObjective } from '@gradrec/engine'
import { innerProduct } from './innerProduct.ts'
import { sigmoid, softplus } from './softplus.ts'
import type { TripleGradients, TripleItems, TripleVectors } from './tripleGradients.ts'

/**
 * DICE's three losses of one triple (METHODS.md §3.6), without the discrepancy, which is of a step and not of a triple. With
 * x⁽¹⁾ = p⁽¹⁾·(q⁽¹⁾_i − q⁽¹⁾_j) of the interest halves, x⁽²⁾ of the conformity halves, and b = 1 where the negative is the more
 * popular item, else 0:
 *
 *     click       −ln σ(x⁽¹⁾ + x⁽²⁾)
 *     interest    −b ln σ(x⁽¹⁾)                             it was chosen although it is less popular
 *     conformity  −b ln σ(−x⁽²⁾) − (1 − b) ln σ(x⁽²⁾)        conformity speaks for what is more popular
 *
 * The latter two are multiplied by their weights and by decayᵉ. With c⁽ⁿ⁾ = dloss/dx⁽ⁿ⁾ the gradients by half n are
 * c⁽ⁿ⁾ (q_i − q_j) for p_u, c⁽ⁿ⁾ p_u for q_i and −c⁽ⁿ⁾ p_u for q_j.
 *
 * @param epoch e, from 0
 */
export function dice(
  { popularity, interest, conformity, decay }: DiceObjective,
  items: TripleItems,
  { user, positive, negative }: TripleVectors,
  epoch: number,
): TripleGradients {
  const half = user.length / 2
  const negativeIsMorePopular = popularity[items.negative]! > popularity[items.positive]!
  const difference = positive.map((value, f) => value - negative[f]!)
  const x1 = innerProduct(user.subarray(0, half), difference.subarray(0, half))
  const x2 = innerProduct(user.subarray(half), difference.subarray(half))
  const interestWeight = negativeIsMorePopular ? interest * decay ** epoch : 0
  const conformityWeight = conformity * decay ** epoch
  // The sign that x⁽²⁾ should have: conformity is higher for the more popular item.
  const sign = negativeIsMorePopular ? -1 : 1

  const click = -sigmoid(-x1 - x2)
  const c1 = click - interestWeight * sigmoid(-x1)
  const c2 = click - conformityWeight * sign * sigmoid(-sign * x2)
  const slopes = user.map((_, f) => (f < half ? c1 : c2))
  return {
    loss: softplus(-x1 - x2) + interestWeight * softplus(-x1) + conformityWeight * softplus(-sign * x2),
    user: slopes.map((c, f) => c * difference[f]!),
    positive: slopes.map((c, f) => c * user[f]!),
    negative: slopes.map((c, f) => -c * user[f]!),
  }
}
