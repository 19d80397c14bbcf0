import type { PairwiseObjective } from '@gradrec/engine'
import { innerProduct } from './innerProduct.ts'
import { sigmoid, softplus } from './softplus.ts'
import type { TripleGradients, TripleItems, TripleVectors } from './tripleGradients.ts'
import { throughUnitRows, unitRows } from './userNorm.ts'

/** A pairwise loss of one triple, and its derivatives by the two products y = p̂·q. */
export interface Pairwise extends TripleGradients {
  /** dloss/dy_i, 0 or less. */
  readonly positiveSlope: number
  /** dloss/dy_j, 0 or more. */
  readonly negativeSlope: number
}

/**
 * BPR or BCE of one triple with everything a `PairwiseObjective` may have. From products to scores and back:
 *
 *     s = f_item · link(y), ds/dy = f_item · link′(y)
 *     loss = w_i · (−ln σ(s_i − s_j))  or  w_i · (−ln σ(s_i) − negativeWeight · ln(1 − σ(s_j)))
 *
 * With a = dloss/dy_i and b = dloss/dy_j the gradients are a q_i + b q_j for p̂_u, a p̂_u for q_i and b p̂_u for q_j.
 */
export function pairwise(
  objective: PairwiseObjective,
  items: TripleItems,
  { user: raw, positive, negative }: TripleVectors,
): Pairwise {
  const { kind, negativeWeight, userNorm, link, scoreFactors, lossWeights } = objective
  const unit = userNorm === 'unit'
  const user = unit ? unitRows(raw, raw.length) : raw
  const score = (vector: Float64Array, item: number): { readonly value: number; readonly slope: number } => {
    const factor = scoreFactors?.[item] ?? 1
    const { value, slope } = linked(innerProduct(user, vector), link)
    return { value: factor * value, slope: factor * slope }
  }
  const [s, t] = [score(positive, items.positive), score(negative, items.negative)]
  const weight = lossWeights?.[items.positive] ?? 1
  const { loss, byPositive, byNegative } =
    kind === 'bpr' ? bprOfScores(s.value, t.value) : bceOfScores(s.value, t.value, negativeWeight)
  const positiveSlope = weight * byPositive * s.slope
  const negativeSlope = weight * byNegative * t.slope
  const byUser = user.map((_, f) => positiveSlope * positive[f]! + negativeSlope * negative[f]!)
  return {
    loss: weight * loss,
    positiveSlope,
    negativeSlope,
    user: unit ? throughUnitRows(raw, byUser, raw.length) : byUser,
    positive: user.map((p) => positiveSlope * p),
    negative: user.map((p) => negativeSlope * p),
  }
}

/** What a product is made into, and its slope: the identity, or ELU(y) + 1. */
function linked(
  y: number,
  link: PairwiseObjective['link'] = 'identity',
): { readonly value: number; readonly slope: number } {
  if (link === 'identity') return { value: y, slope: 1 }
  return y > 0 ? { value: y + 1, slope: 1 } : { value: Math.exp(y), slope: Math.exp(y) }
}

/** A loss of two scores, and its derivatives by them. */
interface LossOfScores {
  readonly loss: number
  readonly byPositive: number
  readonly byNegative: number
}

function bprOfScores(positive: number, negative: number): LossOfScores {
  const slope = sigmoid(negative - positive)
  return { loss: softplus(negative - positive), byPositive: -slope, byNegative: slope }
}

function bceOfScores(positive: number, negative: number, negativeWeight = 1): LossOfScores {
  return {
    loss: softplus(-positive) + negativeWeight * softplus(negative),
    byPositive: -sigmoid(-positive),
    byNegative: negativeWeight * sigmoid(negative),
  }
}
