import type { MacrObjective } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { dataLossStep, l2Step, macr, type Samples } from '../src/index.ts'
import { finiteDifference, gradientError } from './finiteDifference.ts'
import { normalTable } from './tinySpec.ts'

const sigma = (x: number): number => 1 / (1 + Math.exp(-x))
const NO_MODULES: MacrObjective = { kind: 'macr', l2: 0, itemWeight: 0, userWeight: 0 }

/** y_i = 2, y_j = −1; a_u = 0.5, a_i = 1, a_j = −0.5. */
const vectors = {
  user: Float64Array.of(1, 2),
  positive: Float64Array.of(2, 0),
  negative: Float64Array.of(-1, 0),
}
const towers = { wUser: Float64Array.of(0.5, 0), wItem: Float64Array.of(0.5, 7) }

describe('macr, one triple by hand', () => {
  const fused = { positive: 2 * sigma(1) * sigma(0.5), negative: -sigma(-0.5) * sigma(0.5) }
  const main = -Math.log(sigma(fused.positive)) - Math.log(1 - sigma(fused.negative))
  const ofItems = -Math.log(sigma(1)) - Math.log(1 - sigma(-0.5))
  const ofUser = -Math.log(sigma(0.5)) - Math.log(1 - sigma(0.5))

  it('is the sum of three losses: of fused scores, of items and of the user', () => {
    expect(macr(NO_MODULES, vectors, towers).loss).toBeCloseTo(main, 14)
    expect(macr({ ...NO_MODULES, itemWeight: 0.3 }, vectors, towers).loss).toBeCloseTo(main + 0.3 * ofItems, 14)
    expect(macr({ ...NO_MODULES, userWeight: 0.7 }, vectors, towers).loss).toBeCloseTo(main + 0.7 * ofUser, 14)
  })

  it('has these gradients', () => {
    const found = macr({ ...NO_MODULES, itemWeight: 0.3, userWeight: 0.7 }, vectors, towers)
    const [u, i, j] = [sigma(0.5), sigma(1), sigma(-0.5)]
    const [byZi, byZj] = [sigma(fused.positive) - 1, sigma(fused.negative)]
    // By the logits of the towers: σ′ = ŷ (1 − ŷ).
    const byAi = byZi * 2 * u * i * (1 - i) + 0.3 * (i - 1)
    const byAj = byZj * -1 * u * j * (1 - j) + 0.3 * j
    const byAu = (byZi * 2 * i + byZj * -1 * j) * u * (1 - u) + 0.7 * (2 * u - 1)
    const expected = {
      user: [byZi * i * u * 2 + byZj * j * u * -1 + byAu * 0.5, 0],
      positive: [byZi * i * u * 1 + byAi * 0.5, byZi * i * u * 2 + byAi * 7],
      negative: [byZj * j * u * 1 + byAj * 0.5, byZj * j * u * 2 + byAj * 7],
      wUser: [byAu * 1, byAu * 2],
      wItem: [byAi * 2 + byAj * -1, 0],
    }
    for (const name of ['user', 'positive', 'negative', 'wUser', 'wItem'] as const) {
      for (const [f, value] of expected[name].entries()) expect(found[name][f]).toBeCloseTo(value, 14)
    }
  })

  it('pulls ŷ_u to ½ by the loss of the user, and ŷ_i up and ŷ_j down by that of the items', () => {
    const zeros = { positive: new Float64Array(1), negative: new Float64Array(1) }
    const ofLogit = (logit: number): number =>
      macr(
        { ...NO_MODULES, userWeight: 0.5 },
        { ...zeros, user: Float64Array.of(logit) },
        { wUser: Float64Array.of(1), wItem: Float64Array.of(0) },
      ).user[0]!
    // The slope by the user's only number is that by the logit: 0.5 (2 ŷ − 1).
    expect(ofLogit(2)).toBeCloseTo(0.5 * (2 * sigma(2) - 1), 14)
    expect(ofLogit(-2)).toBeCloseTo(-ofLogit(2), 14)
    expect(ofLogit(0)).toBe(0)
    const { positive, negative } = macr(
      { ...NO_MODULES, itemWeight: 0.5 },
      { ...zeros, user: new Float64Array(1) },
      { wUser: Float64Array.of(0), wItem: Float64Array.of(1) },
    )
    expect(positive[0]).toBeCloseTo(-0.25, 14)
    expect(negative[0]).toBeCloseTo(0.25, 14)
  })
})

describe('macr', () => {
  it.each([0.3, 2])('has the gradients of its loss by embeddings and towers, vectors of size %d', (size) => {
    const d = 6
    const rows = Float64Array.from(normalTable(5 * d, size))
    const objective: MacrObjective = { ...NO_MODULES, itemWeight: 0.4, userWeight: 0.2 }
    const of = (x: Float64Array): ReturnType<typeof macr> => {
      const row = (n: number): Float64Array => x.subarray(n * d, (n + 1) * d)
      return macr(objective, { user: row(0), positive: row(1), negative: row(2) }, { wUser: row(3), wItem: row(4) })
    }
    const { user, positive, negative, wUser, wItem } = of(rows)
    const gradient = Float64Array.of(...user, ...positive, ...negative, ...wUser, ...wItem)
    expect(
      gradientError(
        gradient,
        finiteDifference((x) => of(x).loss, rows),
      ),
    ).toBeLessThan(1e-6)
  })

  it('stays finite for scores and logits far out', () => {
    const far = { user: Float64Array.of(1000), positive: Float64Array.of(-1000), negative: Float64Array.of(1000) }
    const found = macr({ ...NO_MODULES, itemWeight: 1, userWeight: 1 }, far, {
      wUser: Float64Array.of(1),
      wItem: Float64Array.of(1),
    })
    for (const value of [found.loss, ...found.user, ...found.positive, ...found.wUser, ...found.wItem]) {
      expect(Number.isFinite(value)).toBe(true)
    }
  })
})

describe('a step of macr', () => {
  const d = 4
  const samples: Samples = { users: Uint32Array.of(1), positives: Uint32Array.of(0), negatives: Uint32Array.of(2, 2) }
  const table = Float64Array.from(normalTable((2 + 3 + 2) * d, 0.7))
  const options = { users: 2, dimension: d, objective: { ...NO_MODULES, itemWeight: 0.5, userWeight: 0.5 } }

  it('has w_user in the row after the items and w_item in the last', () => {
    const row = (values: Float64Array, n: number): Float64Array => values.slice(n * d, (n + 1) * d)
    const triple = macr(
      options.objective,
      { user: row(table, 1), positive: row(table, 2), negative: row(table, 4) },
      { wUser: row(table, 5), wItem: row(table, 6) },
    )
    const { gradient, lossSum } = dataLossStep(table, samples, options)
    expect(lossSum).toBe(2 * triple.loss)
    // Both triples are the same, so that their mean is either.
    expect(row(gradient, 5)).toEqual(triple.wUser)
    expect(row(gradient, 6)).toEqual(triple.wItem)
    expect(row(gradient, 0)).toEqual(new Float64Array(d))
    expect(row(gradient, 3)).toEqual(new Float64Array(d))
  })

  it('has no L2 of the towers', () => {
    const { gradient } = l2Step(table, samples, { users: 2, dimension: d, l2: 3 })
    expect(gradient.slice(0, 5 * d).some((value) => value !== 0)).toBe(true)
    expect(gradient.slice(5 * d)).toEqual(new Float64Array(2 * d))
  })
})
