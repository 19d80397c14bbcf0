import { describe, expect, it } from 'vitest'
import { bpr, bprGradients } from '../src/index.ts'
import { finiteDifference, gradientError } from './finiteDifference.ts'
import { normalTable } from './tinySpec.ts'

describe('bpr', () => {
  it('is −ln σ of the score difference', () => {
    const user = Float64Array.of(1, 2)
    const positive = Float64Array.of(0.5, -1)
    const negative = Float64Array.of(0.25, 0.5)
    // x = 1 · (0.5 − 0.25) + 2 · (−1 − 0.5) = −2.75
    const sigma = 1 / (1 + Math.exp(2.75))
    const triple = bpr(user, positive, negative)
    expect(triple.loss).toBeCloseTo(-Math.log(sigma), 14)
    expect(triple.coefficient).toBeCloseTo(sigma - 1, 14)
    // Descending moves the user towards the positive item, the positive item to the user and the negative one away.
    expect(triple.user[0]).toBeCloseTo((sigma - 1) * 0.25, 14)
    expect(triple.user[1]).toBeCloseTo((sigma - 1) * -1.5, 14)
    expect(triple.positive[1]).toBeCloseTo((sigma - 1) * 2, 14)
    expect(triple.negative[1]).toBeCloseTo((1 - sigma) * 2, 14)
  })

  it.each([0.3, 3])('has the gradients of its loss, vectors of size %d', (size) => {
    const d = 6
    const rows = Float64Array.from(normalTable(3 * d, size))
    const loss = (x: Float64Array): number => bpr(x.subarray(0, d), x.subarray(d, 2 * d), x.subarray(2 * d)).loss
    const { user, positive, negative } = bpr(rows.subarray(0, d), rows.subarray(d, 2 * d), rows.subarray(2 * d))
    const gradient = Float64Array.of(...user, ...positive, ...negative)
    expect(gradientError(gradient, finiteDifference(loss, rows))).toBeLessThan(1e-6)
  })
})

describe('bprGradients', () => {
  it.each([1, 3])('has the gradients of the mean loss by every gathered row, with %i negatives', (perPositive) => {
    const d = 4
    const count = 5
    const sizes = [count * d, count * d, count * perPositive * d] as const
    const rows = Float64Array.from(normalTable(sizes[0] + sizes[1] + sizes[2], 0.7))
    const batch = (x: Float64Array): ReturnType<typeof bprGradients> =>
      bprGradients(
        x.subarray(0, sizes[0]),
        x.subarray(sizes[0], sizes[0] + sizes[1]),
        x.subarray(sizes[0] + sizes[1]),
        d,
      )
    const { users, positives, negatives } = batch(rows)
    const meanLoss = (x: Float64Array): number => batch(x).lossSum / (count * perPositive)
    const gradient = Float64Array.of(...users, ...positives, ...negatives)
    expect(gradientError(gradient, finiteDifference(meanLoss, rows))).toBeLessThan(1e-6)
  })

  it('gives the derivative of the mean loss by each score difference', () => {
    const users = Float64Array.of(1, 0, 0, 1)
    const positives = Float64Array.of(2, 0, 0, 0)
    const negatives = Float64Array.of(0, 0, 2, 5, 0, 1, 0, -1)
    // Score differences 2, 0, −1, 1; each counts a quarter.
    const { coefficients, lossSum } = bprGradients(users, positives, negatives, 2)
    const expected = [2, 0, -1, 1].map((x) => -1 / (1 + Math.exp(x)) / 4)
    for (const [t, coefficient] of coefficients.entries()) expect(coefficient).toBeCloseTo(expected[t]!, 14)
    expect(lossSum).toBeCloseTo(
      [2, 0, -1, 1].reduce((sum, x) => sum + Math.log(1 + Math.exp(-x)), 0),
      14,
    )
  })
})
