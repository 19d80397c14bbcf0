import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundedInteger, keyOfSeed, philox4x32, Stream } from '../src/index.ts'
import { uniformDeviation } from './chiSquare.ts'

const key = keyOfSeed(17)

describe('boundedInteger', () => {
  it('gives a whole number from 0 up to, not including, the bound', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 0xffffffff }),
        fc.nat(),
        fc.nat(),
        fc.nat(0xffffff),
        (bound, c0, c1, draw) => {
          const value = boundedInteger(bound, c0, c1, draw, Stream.negative, key)
          expect(value >>> 0).toBe(value)
          expect(value).toBeLessThan(bound)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('has no choice but 0 below 1', () => {
    for (let slot = 0; slot < 100; slot++) expect(boundedInteger(1, 0, slot, 0, Stream.user, key)).toBe(0)
  })

  it.each([2, 3, 7, 10, 64, 100, 1000])('draws below %i uniformly, over steps, slots and draws', (bound) => {
    const counts = new Float64Array(bound)
    for (let step = 0; step < 20; step++) {
      for (let slot = 0; slot < 250; slot++) {
        for (let draw = 0; draw < 10; draw++) counts[boundedInteger(bound, step, slot, draw, Stream.negative, key)]!++
      }
    }
    expect(Math.abs(uniformDeviation(counts))).toBeLessThan(4)
  })

  // 3 · 2^30 takes four words to three values: without rejection every third value would come twice as often.
  it.each([3 * 2 ** 30, 2 ** 31 + 1, 3_000_000_000])(
    'draws below %i uniformly, where words must be rejected',
    (bound) => {
      const counts = new Float64Array(3)
      const slices = new Float64Array(30)
      for (let slot = 0; slot < 30_000; slot++) {
        const value = boundedInteger(bound, 5, slot, 0, Stream.negative, key)
        counts[value % 3]!++
        slices[Math.floor((value / bound) * 30)]!++
      }
      expect(Math.abs(uniformDeviation(counts))).toBeLessThan(4)
      expect(Math.abs(uniformDeviation(slices))).toBeLessThan(4)
    },
  )

  it('takes the first word whose product with the bound is not in the biased remainder', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 0xffffffff }),
        fc.nat(),
        fc.nat(),
        fc.nat(0xffffff),
        (bound, c0, c1, draw) => {
          const words = [0, 1, 2, 3].flatMap((block) => philox4x32([c0, c1, draw * 256 + block, Stream.user], key))
          const threshold = 2n ** 32n % BigInt(bound)
          const products = words.map((word) => BigInt(word) * BigInt(bound))
          const taken = products.find((product) => product % 2n ** 32n >= threshold) ?? products.at(-1)!
          expect(boundedInteger(bound, c0, c1, draw, Stream.user, key)).toBe(Number(taken / 2n ** 32n))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('draws differently by step, slot, draw, stream and seed', () => {
    const bound = 2 ** 31
    const values = [
      boundedInteger(bound, 0, 0, 0, Stream.negative, key),
      boundedInteger(bound, 1, 0, 0, Stream.negative, key),
      boundedInteger(bound, 0, 1, 0, Stream.negative, key),
      boundedInteger(bound, 0, 0, 1, Stream.negative, key),
      boundedInteger(bound, 0, 0, 0, Stream.positive, key),
      boundedInteger(bound, 0, 0, 0, Stream.negative, keyOfSeed(18)),
    ]
    expect(new Set(values).size).toBe(values.length)
  })
})
