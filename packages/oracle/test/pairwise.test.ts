import type { PairwiseObjective } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { bce, bpr, pairwise, type Pairwise } from '../src/index.ts'
import { normalTable } from './tinySpec.ts'

const sigma = (x: number): number => 1 / (1 + Math.exp(-x))
const items = { positive: 1, negative: 2 }

/** Width 1: the user's number is 1, so that products are the items' numbers. */
function ofProducts(positive: number, negative: number, change: Partial<PairwiseObjective>): Pairwise {
  const objective: PairwiseObjective = { kind: 'bpr', l2: 0, ...change }
  const vectors = { user: [1], positive: [positive], negative: [negative] }
  return pairwise(objective, items, {
    user: Float64Array.from(vectors.user),
    positive: Float64Array.from(vectors.positive),
    negative: Float64Array.from(vectors.negative),
  })
}

describe('pairwise', () => {
  it.each(['bpr', 'bce'] as const)('without options is plain %s', (kind) => {
    const rows = Float64Array.from(normalTable(12, 0.8))
    const [user, positive, negative] = [rows.slice(0, 4), rows.slice(4, 8), rows.slice(8)]
    const plain = (kind === 'bpr' ? bpr : bce)(user, positive, negative)
    const found = pairwise({ kind, l2: 0 }, items, { user, positive, negative })
    expect(found.loss).toBeCloseTo(plain.loss, 14)
    for (const name of ['user', 'positive', 'negative'] as const) {
      for (const [f, value] of plain[name].entries()) expect(found[name][f]).toBeCloseTo(value, 14)
    }
  })

  it('links products to scores by ELU + 1: y + 1 above 0, eʸ below', () => {
    const { loss, positiveSlope, negativeSlope } = ofProducts(0.5, -2, { link: 'elu' })
    const x = 1.5 - Math.exp(-2)
    expect(loss).toBeCloseTo(-Math.log(sigma(x)), 14)
    expect(positiveSlope).toBeCloseTo(-sigma(-x), 14)
    expect(negativeSlope).toBeCloseTo(sigma(-x) * Math.exp(-2), 14)
    // Value and slope are 1 at 0, from both sides.
    const tiny = 1e-9
    expect(ofProducts(tiny, -tiny, { link: 'elu' }).loss).toBeCloseTo(Math.LN2, 8)
    const { positiveSlope: above, negativeSlope: below } = ofProducts(0, -tiny, { link: 'elu' })
    expect(above).toBeCloseTo(-0.5, 8)
    expect(below).toBeCloseTo(0.5, 8)
  })

  it('multiplies each item’s score by its own factor, after the link', () => {
    const scoreFactors = Float32Array.of(9, 2, 0.5)
    const { loss, positiveSlope, negativeSlope } = ofProducts(0.5, 1, { link: 'elu', scoreFactors })
    const x = 2 * 1.5 - 0.5 * 2
    expect(loss).toBeCloseTo(-Math.log(sigma(x)), 14)
    expect(positiveSlope).toBeCloseTo(-sigma(-x) * 2, 14)
    expect(negativeSlope).toBeCloseTo(sigma(-x) * 0.5, 14)
  })

  it('multiplies the negative’s loss, and nothing else, by the weight of negatives', () => {
    const { loss, positiveSlope, negativeSlope } = ofProducts(0.5, 1, { kind: 'bce', negativeWeight: 4 })
    expect(loss).toBeCloseTo(-Math.log(sigma(0.5)) - 4 * Math.log(1 - sigma(1)), 14)
    expect(positiveSlope).toBeCloseTo(-sigma(-0.5), 14)
    expect(negativeSlope).toBeCloseTo(4 * sigma(1), 14)
    expect(ofProducts(0.5, 1, { kind: 'bce', negativeWeight: 1 })).toEqual(ofProducts(0.5, 1, { kind: 'bce' }))
  })

  it('weighs a positive with K negatives of weight K as K + 1 pairs that weigh the same', () => {
    const negatives = [0.3, -1, 0.7]
    const total = negatives.reduce((sum, y) => sum + ofProducts(0.5, y, { kind: 'bce', negativeWeight: 3 }).loss, 0)
    const pairs = negatives.reduce((sum, y) => sum - Math.log(1 - sigma(y)), -Math.log(sigma(0.5)))
    expect(total / 3).toBeCloseTo(pairs, 14)
  })

  it.each(['bpr', 'bce'] as const)('multiplies the whole loss by the weight of the positive: %s', (kind) => {
    const lossWeights = Float32Array.of(9, 0.25, 5)
    const [plain, weighted] = [ofProducts(0.5, 1, { kind }), ofProducts(0.5, 1, { kind, lossWeights })]
    for (const name of ['loss', 'positiveSlope', 'negativeSlope'] as const) {
      expect(weighted[name]).toBeCloseTo(plain[name] / 4, 14)
    }
    for (const name of ['user', 'positive', 'negative'] as const) {
      expect(weighted[name][0]).toBeCloseTo(plain[name][0]! / 4, 14)
    }
    expect(ofProducts(0.5, 1, { kind, lossWeights: new Float32Array(3) }).loss).toBe(0)
  })
})
