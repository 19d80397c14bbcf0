import { describe, expect, it } from 'vitest'
import { BootstrapWeights } from '../src/evaluation/bootstrapWeights.ts'

describe('bootstrap weights', () => {
  it('are Poisson with mean 1', () => {
    const users = 10_000
    const resamples = 200
    const draws = new BootstrapWeights(users, 3)
    const seen = new Float64Array(256)
    for (let resample = 0; resample < resamples; resample++) {
      const sum = draws.draw(resample)
      expect(sum).toBe(draws.weights.reduce((total, weight) => total + weight, 0))
      for (const weight of draws.weights) seen[weight]!++
    }
    const all = users * resamples
    let p = Math.exp(-1)
    for (let weight = 0; weight <= 8; weight++) {
      // Within 4.5 standard deviations of a binomial count.
      expect(Math.abs(seen[weight]! - all * p), `weight ${weight}`).toBeLessThan(4.5 * Math.sqrt(all * p * (1 - p)))
      p /= weight + 1
    }
    expect(seen.subarray(13).every((count) => count === 0)).toBe(true)
  })

  it('do not depend on how many users there are, and differ by seed and resample', () => {
    const of = (users: number, seed: number, resample: number): Uint8Array => {
      const draws = new BootstrapWeights(users, seed)
      draws.draw(resample)
      return draws.weights
    }
    expect(of(1000, 1, 5).subarray(0, 333)).toEqual(of(333, 1, 5))
    expect(of(333, 1, 5)).not.toEqual(of(333, 1, 6))
    expect(of(333, 1, 5)).not.toEqual(of(333, 2, 5))
  })

  it('always draw somebody', () => {
    const draws = new BootstrapWeights(1, 9)
    for (let resample = 0; resample < 100; resample++) expect(draws.draw(resample)).toBeGreaterThan(0)
    expect(new BootstrapWeights(0, 9).draw(0)).toBe(0)
  })
})
