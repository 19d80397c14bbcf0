import type { DiceObjective } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { dataLossStep, discrepancyTerm, type Samples } from '../src/index.ts'
import { finiteDifference, gradientError } from './finiteDifference.ts'
import { normalTable } from './tinySpec.ts'

describe('discrepancyTerm', () => {
  // Differences of first and second halves: 1 and −3 in the first row, 0 and 2 in the second.
  const rows = Float64Array.of(4, 1, 3, 4, 5, 6, 5, 4)

  it('is minus the mean absolute difference of the halves, and descent takes them apart', () => {
    const { term, gradient } = discrepancyTerm(rows, 4, { kind: 'l1', weight: 0.5 })
    expect(term).toBeCloseTo((-0.5 * (1 + 3 + 0 + 2)) / 4, 14)
    expect(Array.from(gradient, (value) => value + 0)).toEqual(
      [-1, 1, 1, -1, 0, -1, 0, 1].map((sign) => (0.5 * sign) / 4),
    )
  })

  it('is minus the mean squared difference of the halves', () => {
    const { term, gradient } = discrepancyTerm(rows, 4, { kind: 'l2', weight: 0.5 })
    expect(term).toBeCloseTo((-0.5 * (1 + 9 + 0 + 4)) / 4, 14)
    expect(Array.from(gradient, (value) => value + 0)).toEqual(
      [-1, 3, 1, -3, 0, -2, 0, 2].map((difference) => (0.5 * 2 * difference) / 4),
    )
  })

  it('is nothing where there is none', () => {
    const { term, gradient } = discrepancyTerm(rows, 4, { kind: 'none', weight: 0.5 })
    expect(term).toBe(0)
    expect(gradient.every((value) => value === 0)).toBe(true)
  })

  it.each(['l1', 'l2'] as const)('has its gradient: %s', (kind) => {
    const x = Float64Array.from(normalTable(40, 0.8))
    const of = (values: Float64Array): ReturnType<typeof discrepancyTerm> =>
      discrepancyTerm(values, 8, { kind, weight: 0.3 })
    expect(
      gradientError(
        of(x).gradient,
        finiteDifference((values) => of(values).term, x),
      ),
    ).toBeLessThan(1e-6)
  })
})

describe('the discrepancy of a step', () => {
  const USERS = 3
  const objective: DiceObjective = {
    kind: 'dice',
    l2: 0,
    popularity: Uint32Array.of(1, 2, 3, 4),
    interest: 0.1,
    conformity: 0.1,
    decay: 1,
    discrepancy: { kind: 'l2', weight: 1 },
  }
  // Width 2; row r is (r + 1, 0), so that its squared difference is (r + 1)².
  const final = Float64Array.from({ length: 2 * 7 }, (_, at) => (at % 2 === 0 ? at / 2 + 1 : 0))
  // Users 0 and 2, user 2 twice; items 0, 1 and 3: item 1 is positive and negative, item 3 negative three times.
  const samples: Samples = {
    users: Uint32Array.of(2, 0, 2),
    positives: Uint32Array.of(1, 0, 0),
    negatives: Uint32Array.of(3, 3, 1, 3, 1, 3),
  }

  it('counts every row of the step once, users apart from items', () => {
    const { discrepancy, lossSum, gradient } = dataLossStep(final, samples, { users: USERS, dimension: 2, objective })
    // Users' rows 0 and 2, items' rows 3, 4 and 6.
    expect(discrepancy).toBeCloseTo(-(1 + 9) / 2 - (16 + 25 + 49) / 3, 14)
    const without: DiceObjective = { ...objective, discrepancy: { kind: 'none', weight: 1 } }
    const plain = dataLossStep(final, samples, { users: USERS, dimension: 2, objective: without })
    expect(plain.discrepancy).toBe(0)
    expect(lossSum).toBe(plain.lossSum)
    const slopes = Array.from({ length: 7 }, (_, row) => gradient[2 * row]! - plain.gradient[2 * row]!)
    for (const [row, expected] of [-2 / 2, 0, -6 / 2, -8 / 3, -10 / 3, 0, -14 / 3].entries()) {
      expect(slopes[row]).toBeCloseTo(expected, 13)
    }
  })

  it('does not depend on how often a row comes', () => {
    const twice: Samples = {
      users: Uint32Array.of(...samples.users, ...samples.users),
      positives: Uint32Array.of(...samples.positives, ...samples.positives),
      negatives: Uint32Array.of(...samples.negatives, ...samples.negatives),
    }
    const options = { users: USERS, dimension: 2, objective }
    const [once, repeated] = [dataLossStep(final, samples, options), dataLossStep(final, twice, options)]
    expect(repeated.discrepancy).toBe(once.discrepancy)
    for (const [at, value] of repeated.gradient.entries()) expect(value).toBeCloseTo(once.gradient[at]!, 13)
  })
})
