import type { MacrObjective } from '@gradrec/engine'
import { innerProduct } from './innerProduct.ts'
import { sigmoid, softplus } from './softplus.ts'
import type { TripleGradients, TripleVectors } from './tripleGradients.ts'

/** The linear towers, each `dimension` long. */
export interface Towers {
  readonly wUser: Float64Array
  readonly wItem: Float64Array
}

/**
 * MACR's three losses of one triple (METHODS.md §4.2). With a_u = p_u·w_user, a_i = q_i·w_item, ŷ = σ(a), y_i = p_u·q_i and
 * z_i = y_i ŷ_i ŷ_u:
 *
 *     −ln σ(z_i) − ln(1 − σ(z_j)) + itemWeight · (−ln ŷ_i − ln(1 − ŷ_j)) + userWeight · (−ln ŷ_u − ln(1 − ŷ_u))
 *
 * The gradients follow from the derivatives by the products y and by the towers' logits a, the latter through σ′ = ŷ (1 − ŷ).
 */
export function macr(
  { itemWeight, userWeight }: MacrObjective,
  { user, positive, negative }: TripleVectors,
  { wUser, wItem }: Towers,
): TripleGradients & Towers {
  const [yi, yj] = [innerProduct(user, positive), innerProduct(user, negative)]
  const [au, ai, aj] = [innerProduct(user, wUser), innerProduct(positive, wItem), innerProduct(negative, wItem)]
  const [pu, pi, pj] = [sigmoid(au), sigmoid(ai), sigmoid(aj)]
  const [zi, zj] = [yi * pi * pu, yj * pj * pu]

  const byZi = -sigmoid(-zi)
  const byZj = sigmoid(zj)
  const byYi = byZi * pi * pu
  const byYj = byZj * pj * pu
  const byAi = byZi * zi * sigmoid(-ai) - itemWeight * sigmoid(-ai)
  const byAj = byZj * zj * sigmoid(-aj) + itemWeight * pj
  const byAu = (byZi * zi + byZj * zj) * sigmoid(-au) + userWeight * (pu - sigmoid(-au))
  return {
    loss:
      softplus(-zi) +
      softplus(zj) +
      itemWeight * (softplus(-ai) + softplus(aj)) +
      userWeight * (softplus(-au) + softplus(au)),
    user: user.map((_, f) => byYi * positive[f]! + byYj * negative[f]! + byAu * wUser[f]!),
    positive: user.map((p, f) => byYi * p + byAi * wItem[f]!),
    negative: user.map((p, f) => byYj * p + byAj * wItem[f]!),
    wUser: user.map((p) => byAu * p),
    wItem: user.map((_, f) => byAi * positive[f]! + byAj * negative[f]!),
  }
}
