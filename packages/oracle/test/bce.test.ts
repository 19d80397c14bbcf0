import { describe, expect, it } from 'vitest'
import { bce, bceGradients } from '../src/index.ts'
import { finiteDifference, gradientError } from './finiteDifference.ts'
import { normalTable } from './tinySpec.ts'

const sigma = (x: number): number => 1 / (1 + Math.exp(-x))

describe('bce', () => {
  it('is −ln σ of the positive score and −ln(1 − σ) of the negative one', () => {
    // s_i = 0.5 − 2 = −1.5, s_j = 0.25 + 1 = 1.25.
    const triple = bce(Float64Array.of(1, 2), Float64Array.of(0.5, -1), Float64Array.of(0.25, 0.5))
    expect(triple.loss).toBeCloseTo(-Math.log(sigma(-1.5)) - Math.log(1 - sigma(1.25)), 14)
    expect(triple.positiveCoefficient).toBeCloseTo(sigma(-1.5) - 1, 14)
    expect(triple.negativeCoefficient).toBeCloseTo(sigma(1.25), 14)
    expect(triple.user[0]).toBeCloseTo((sigma(-1.5) - 1) * 0.5 + sigma(1.25) * 0.25, 14)
    // Descending moves the positive item to the user and the negative one away.
    expect(triple.positive[1]).toBeCloseTo((sigma(-1.5) - 1) * 2, 14)
    expect(triple.negative[1]).toBeCloseTo(sigma(1.25) * 2, 14)
  })

  it.each([0.3, 3])('has the gradients of its loss, vectors of size %d', (size) => {
    const d = 6
    const rows = Float64Array.from(normalTable(3 * d, size))
    const loss = (x: Float64Array): number => bce(x.subarray(0, d), x.subarray(d, 2 * d), x.subarray(2 * d)).loss
    const { user, positive, negative } = bce(rows.subarray(0, d), rows.subarray(d, 2 * d), rows.subarray(2 * d))
    const gradient = Float64Array.of(...user, ...positive, ...negative)
    expect(gradientError(gradient, finiteDifference(loss, rows))).toBeLessThan(1e-6)
  })

  it('stays finite for scores far out', () => {
    const { loss, user } = bce(Float64Array.of(1000), Float64Array.of(-1000), Float64Array.of(1000))
    expect(loss).toBe(2e6)
    expect([...user]).toEqual([2000])
  })
})

describe('bceGradients', () => {
  it.each([1, 3])('has the gradients of the mean loss by every gathered row, with %i negatives', (perPositive) => {
    const d = 4
    const count = 5
    const sizes = [count * d, count * d, count * perPositive * d] as const
    const rows = Float64Array.from(normalTable(sizes[0] + sizes[1] + sizes[2], 0.7))
    const batch = (x: Float64Array): ReturnType<typeof bceGradients> =>
      bceGradients(
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

  it('lets a positive weigh as much as its negatives together', () => {
    const one = bceGradients(Float64Array.of(1), Float64Array.of(2), Float64Array.of(3), 1)
    const three = bceGradients(Float64Array.of(1), Float64Array.of(2), Float64Array.of(3, 3, 3), 1)
    expect(three.positives[0]).toBeCloseTo(one.positives[0]!, 14)
    expect(three.negatives.reduce((sum, value) => sum + value, 0)).toBeCloseTo(one.negatives[0]!, 14)
    expect(three.lossSum).toBeCloseTo(3 * one.lossSum, 13)
    expect(three.positiveCoefficients[2]).toBeCloseTo(one.positiveCoefficients[0]! / 3, 14)
    expect(three.negativeCoefficients[2]).toBeCloseTo(one.negativeCoefficients[0]! / 3, 14)
  })
})
