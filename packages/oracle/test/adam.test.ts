import { describe, expect, it } from 'vitest'
import { adam, adamMoments, type AdamOptions } from '../src/index.ts'

const options: AdamOptions = {
  learningRate: 0.1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
}

/** One number trained with the given gradients; its value after each step. */
function path(start: number, gradients: readonly number[], change: Partial<AdamOptions> = {}): number[] {
  const used = { ...options, ...change }
  const theta = Float64Array.of(start)
  const moments = adamMoments(1, used.amsgrad)
  return gradients.map((g, n) => {
    adam(theta, Float64Array.of(g), moments, n + 1, used)
    return theta[0]!
  })
}

describe('adam', () => {
  it('takes two steps as worked out by hand', () => {
    const [first, second] = path(1, [0.5, -0.25])
    // Step 1: m = 0.05, m̂ = 0.05 / 0.1 = 0.5; v = 0.00025, v̂ = 0.00025 / 0.001 = 0.25.
    const expected = 1 - (0.1 * 0.5) / (0.5 + 1e-8)
    expect(first).toBeCloseTo(expected, 13)
    // Step 2: m = 0.9 · 0.05 − 0.1 · 0.25 = 0.02, m̂ = 0.02 / 0.19;
    // v = 0.999 · 0.00025 + 0.001 · 0.0625 = 0.00031225, v̂ = 0.00031225 / 0.001999.
    expect(second).toBeCloseTo(expected - (0.1 * (0.02 / 0.19)) / (Math.sqrt(0.00031225 / 0.001999) + 1e-8), 13)
  })

  it('takes a first step of the learning rate, whatever the size of the gradient', () => {
    for (const g of [1e-3, 1, 1000]) {
      expect(path(0, [g])[0]).toBeCloseTo(-0.1, 5)
      expect(path(0, [-g])[0]).toBeCloseTo(0.1, 5)
    }
  })

  it('adds ε to the corrected root, so that a tiny gradient takes a tiny step', () => {
    // m̂ = 1e-8, √v̂ = 1e-8: half of the learning rate.
    expect(path(0, [1e-8])[0]).toBeCloseTo(-0.05, 12)
  })

  it('goes on moving a row whose gradient is 0', () => {
    const [first, second] = path(0, [1, 0])
    // m̂ = 0.9 · 0.1 / 0.19, v̂ = 0.999 · 0.001 / 0.001999
    expect(second! - first!).toBeCloseTo((-0.1 * (0.09 / 0.19)) / Math.sqrt(0.000999 / 0.001999), 8)
  })

  it('with weight decay, is Adam on the gradient g + weightDecay · θ', () => {
    const decayed = path(2, [0.5, 0.5, -1], { weightDecay: 0.25 })
    const before = [2, decayed[0]!, decayed[1]!]
    const coupled = [0.5, 0.5, -1].map((g, n) => g + 0.25 * before[n]!)
    expect(coupled[0]).toBe(1)
    expect(decayed).toEqual(path(2, coupled))
  })

  it('with amsgrad, divides by the largest v so far, uncorrected until then', () => {
    const change = { beta1: 0.5, beta2: 0.5, epsilon: 0, amsgrad: true }
    const [first, second, third] = path(0, [2, 0, 0], change)
    // v = 2, 1, 0.5, but the largest stays 2; m = 1, 0.5, 0.25; corrections 1 − 0.5^t = 0.5, 0.75, 0.875.
    expect(first).toBeCloseTo((-0.1 * (1 / 0.5)) / Math.sqrt(2 / 0.5), 14)
    expect(second! - first!).toBeCloseTo((-0.1 * (0.5 / 0.75)) / Math.sqrt(2 / 0.75), 14)
    expect(third! - second!).toBeCloseTo((-0.1 * (0.25 / 0.875)) / Math.sqrt(2 / 0.875), 14)
    // Without it the second step divides by √(1 / 0.75) instead.
    const plain = path(0, [2, 0], { ...change, amsgrad: false })
    expect(plain[1]! - plain[0]!).toBeCloseTo((-0.1 * (0.5 / 0.75)) / Math.sqrt(1 / 0.75), 14)
  })

  it('equals plain Adam with amsgrad while v only grows', () => {
    expect(path(1, [1, 2, 4, 8], { amsgrad: true })).toEqual(path(1, [1, 2, 4, 8]))
  })

  it('keeps a largest v with amsgrad only', () => {
    expect(Object.keys(adamMoments(3, false))).toEqual(['m', 'v'])
    expect(Object.keys(adamMoments(3, true))).toEqual(['m', 'v', 'vMax'])
  })

  it('treats every number on its own', () => {
    const theta = Float64Array.of(1, -2, 0.5)
    const moments = adamMoments(3, false)
    adam(theta, Float64Array.of(0.3, 0, -7), moments, 1, options)
    adam(theta, Float64Array.of(-0.1, 0.2, 3), moments, 2, options)
    expect(theta[0]).toBe(path(1, [0.3, -0.1])[1])
    expect(theta[1]).toBe(path(-2, [0, 0.2])[1])
    expect(theta[2]).toBe(path(0.5, [-7, 3])[1])
  })
})
