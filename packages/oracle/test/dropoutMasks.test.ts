import { dropoutScale, isKept, keyOfSeed } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { dropoutMasks } from '../src/index.ts'

const options = { dropout: 0.25, seed: 9, nodes: 40, layers: 3, dimension: 12 }

describe('dropoutMasks', () => {
  it('holds 0 or the scale, as the draw of step, node, layer and element says', () => {
    const masks = dropoutMasks(5, options)
    expect(masks.length).toBe(3)
    for (const [before, mask] of masks.entries()) {
      expect(mask.length).toBe(480)
      for (const [at, value] of mask.entries()) {
        const kept = isKept(5, Math.floor(at / 12), before + 1, at % 12, 0.25 * 65536, keyOfSeed(9))
        expect(value).toBe(kept ? dropoutScale(0.25) : 0)
      }
    }
  })

  it('differs from step to step, layer to layer and seed to seed, and from nothing else', () => {
    const [first, second] = dropoutMasks(5, options)
    expect(first).not.toEqual(second)
    expect(dropoutMasks(5, options)[0]).toEqual(first)
    expect(dropoutMasks(6, options)[0]).not.toEqual(first)
    expect(dropoutMasks(5, { ...options, seed: 10 })[0]).not.toEqual(first)
    expect(dropoutMasks(5, { ...options, layers: 1 })[0]).toEqual(first)
  })

  it('is 1 on average', () => {
    const mean = dropoutMasks(0, { ...options, nodes: 2000, layers: 1 })[0]!.reduce((a, b) => a + b, 0) / 24_000
    // A standard deviation of √(0.25 / 0.75 / 24,000) = 0.0037.
    expect(Math.abs(mean - 1)).toBeLessThan(0.015)
  })
})
