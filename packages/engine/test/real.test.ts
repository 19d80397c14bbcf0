import { describe, expect, it } from 'vitest'
import { keyOfSeed, normalPair, Stream, uniformReal } from '../src/index.ts'
import { uniformDeviation } from './chiSquare.ts'

const key = keyOfSeed(3)

describe('uniformReal', () => {
  it('is uniform on the open interval from 0 to 1', () => {
    const counts = new Float64Array(50)
    for (let n = 0; n < 20_000; n++) {
      const value = uniformReal(n, 0, 0, Stream.split, key)
      expect(value > 0 && value < 1).toBe(true)
      counts[Math.floor(value * 50)]!++
    }
    expect(Math.abs(uniformDeviation(counts))).toBeLessThan(4)
  })
})

describe('normalPair', () => {
  it('has the moments of two independent standard normal variables', () => {
    const pairs = Array.from({ length: 20_000 }, (_, n) => normalPair(n, 0, 0, Stream.initialisation, key))
    const mean = (of: (pair: readonly [number, number]) => number): number =>
      pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length
    // Four standard errors each, for 20,000 pairs.
    expect(Math.abs(mean(([x]) => x))).toBeLessThan(0.029)
    expect(Math.abs(mean(([, y]) => y))).toBeLessThan(0.029)
    expect(Math.abs(mean(([x]) => x * x) - 1)).toBeLessThan(0.04)
    expect(Math.abs(mean(([, y]) => y * y) - 1)).toBeLessThan(0.04)
    expect(Math.abs(mean(([x, y]) => x * y))).toBeLessThan(0.029)
    expect(Math.abs(mean(([x]) => x ** 4) - 3)).toBeLessThan(0.28)
  })
})
