import type { DiceObjective } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { dice, type TripleGradients } from '../src/index.ts'
import { finiteDifference, gradientError } from './finiteDifference.ts'
import { normalTable } from './tinySpec.ts'

const sigma = (x: number): number => 1 / (1 + Math.exp(-x))

/** Item 0 was chosen 3 times, item 1 5 times, item 2 3 times. */
const objective: DiceObjective = {
  kind: 'dice',
  l2: 0,
  popularity: Uint32Array.of(3, 5, 3),
  interest: 0.5,
  conformity: 0.25,
  decay: 0.5,
  discrepancy: { kind: 'none', weight: 0 },
}
const negativeMorePopular = { positive: 0, negative: 1 }
const positiveMorePopular = { positive: 1, negative: 0 }
const asPopular = { positive: 0, negative: 2 }

/** Width 2: one number of interest, one of conformity. x⁽¹⁾ = 1 · (3 − 1) = 2, x⁽²⁾ = 2 · (1 − 4) = −6. */
const vectors = {
  user: Float64Array.of(1, 2),
  positive: Float64Array.of(3, 1),
  negative: Float64Array.of(1, 4),
}

describe('dice, one triple by hand', () => {
  it('with a more popular negative, wants more interest for the positive and more conformity for the negative', () => {
    const { loss, user, positive, negative } = dice(objective, negativeMorePopular, vectors, 0)
    expect(loss).toBeCloseTo(-Math.log(sigma(-4)) - 0.5 * Math.log(sigma(2)) - 0.25 * Math.log(sigma(6)), 13)
    // −σ(−x) by click, −σ(−x⁽¹⁾) by interest, and +σ(x⁽²⁾) by conformity, which pushes x⁽²⁾ down.
    const c1 = -sigma(4) - 0.5 * sigma(-2)
    const c2 = -sigma(4) + 0.25 * sigma(-6)
    for (const [found, expected] of [
      [user, [c1 * 2, c2 * -3]],
      [positive, [c1 * 1, c2 * 2]],
      [negative, [-c1 * 1, -c2 * 2]],
    ] as const) {
      for (const [f, value] of expected.entries()) expect(found[f]).toBeCloseTo(value, 13)
    }
  })

  it.each([
    ['more popular than', positiveMorePopular],
    ['as popular as', asPopular],
  ])('with a positive %s the negative, says nothing of interest and wants conformity for the positive', (_, items) => {
    const { loss, positive } = dice(objective, items, vectors, 0)
    expect(loss).toBeCloseTo(-Math.log(sigma(-4)) - 0.25 * Math.log(sigma(-6)), 13)
    expect(positive[0]).toBeCloseTo(-sigma(4), 13)
    expect(positive[1]).toBeCloseTo((-sigma(4) - 0.25 * sigma(6)) * 2, 13)
  })

  it('descends in the direction that each term has by itself', () => {
    // Far apart scores silence the click loss: x⁽¹⁾ + x⁽²⁾ = 60.
    const quiet = (x1: number, x2: number, items: typeof asPopular): TripleGradients =>
      dice(
        objective,
        items,
        { user: Float64Array.of(1, 1), positive: Float64Array.of(x1, x2), negative: Float64Array.of(0, 0) },
        0,
      )
    expect(quiet(61, -1, negativeMorePopular).positive[1]).toBeGreaterThan(0.25 * sigma(-1) - 1e-12)
    expect(quiet(61, -1, positiveMorePopular).positive[1]).toBeLessThan(-0.25 * sigma(1) + 1e-12)
    expect(quiet(-1, 61, negativeMorePopular).positive[0]).toBeLessThan(-0.5 * sigma(1) + 1e-12)
    expect(Math.abs(quiet(-1, 61, positiveMorePopular).positive[0]!)).toBeLessThan(1e-12)
  })

  it('lets the two weights decay from epoch to epoch, and the click loss stay', () => {
    const click = -Math.log(sigma(-4))
    const rest = dice(objective, negativeMorePopular, vectors, 0).loss - click
    for (const epoch of [1, 2, 5]) {
      expect(dice(objective, negativeMorePopular, vectors, epoch).loss).toBeCloseTo(click + rest * 0.5 ** epoch, 13)
    }
  })
})

describe('dice', () => {
  it.each([
    ['negative', negativeMorePopular],
    ['positive', positiveMorePopular],
  ])('has the gradients of its loss, the %s more popular', (_, items) => {
    const d = 6
    const rows = Float64Array.from(normalTable(3 * d, 0.7))
    const of = (x: Float64Array): TripleGradients =>
      dice(objective, items, { user: x.slice(0, d), positive: x.slice(d, 2 * d), negative: x.slice(2 * d) }, 1)
    const { user, positive, negative } = of(rows)
    const gradient = Float64Array.of(...user, ...positive, ...negative)
    expect(
      gradientError(
        gradient,
        finiteDifference((x) => of(x).loss, rows),
      ),
    ).toBeLessThan(1e-6)
  })

  it('stays finite for scores far out', () => {
    const far = { user: Float64Array.of(1, 1), positive: Float64Array.of(-1000, 500), negative: Float64Array.of(0, 0) }
    const { loss, positive } = dice(objective, negativeMorePopular, far, 0)
    expect(loss).toBe(500 + 0.5 * 1000 + 0.25 * 500)
    expect([...positive]).toEqual([-1.5, -0.75])
  })
})
