import { describe, expect, it } from 'vitest'
import { sigmoid, softplus } from '../src/index.ts'

describe('softplus and sigmoid', () => {
  it('are the textbook formulas where those do not overflow', () => {
    for (let x = -20; x <= 20; x += 0.37) {
      expect(softplus(x)).toBeCloseTo(Math.log(1 + Math.exp(x)), 8)
      expect(sigmoid(x)).toBeCloseTo(1 / (1 + Math.exp(-x)), 14)
    }
  })

  it('stay exact far from 0', () => {
    expect(softplus(1000)).toBe(1000)
    expect(softplus(-1000)).toBe(0)
    expect(softplus(-40) / Math.exp(-40)).toBeCloseTo(1, 14)
    expect(sigmoid(1000)).toBe(1)
    expect(sigmoid(-1000)).toBe(0)
    expect(sigmoid(-40) / Math.exp(-40)).toBeCloseTo(1, 14)
  })
})
