import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOfSeed, permutationHalfBits, permutationKeys, permute } from '../src/index.ts'
import { chiSquareDeviation, uniformDeviation } from './chiSquare.ts'

const key = keyOfSeed(20_240_229)

function expectBijection(n: number, index: number): void {
  const keys = permutationKeys(index, key)
  const seen = new Uint8Array(n)
  let distinct = 0
  for (let p = 0; p < n; p++) {
    const value = permute(p, n, keys)
    if (value < n && seen[value] === 0) distinct++
    seen[value] = 1
  }
  expect(distinct).toBe(n)
}

describe('permute', () => {
  it('is a bijection for every n from 1 to 300', () => {
    for (let n = 1; n <= 300; n++) expectBijection(n, n)
  })

  it.each([1023, 1024, 1025, 4096, 65_535, 65_536, 65_537, 300_001])('is a bijection for n = %i', (n) => {
    expectBijection(n, 0)
  })

  it('stays below n for n up to 2^32 − 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xffffffff }), fc.nat(), fc.nat(), (n, place, index) => {
        const value = permute(place % n, n, permutationKeys(index, key))
        expect(value >>> 0).toBe(value)
        expect(value).toBeLessThan(n)
      }),
    )
  })

  // Over random permutations, Σ (count − keys/n)² / (keys/n) · (n − 1)/n is chi-square with (n − 1)² degrees of freedom:
  // the rows and the columns of the table of counts both have fixed sums.
  it.each([2, 3, 4, 5, 7, 8, 16, 17, 40, 100])('sends every position everywhere equally often for n = %i', (n) => {
    const permutations = 4000
    const counts = new Float64Array(n * n)
    for (let index = 0; index < permutations; index++) {
      const keys = permutationKeys(index, key)
      for (let p = 0; p < n; p++) counts[p * n + permute(p, n, keys)]!++
    }
    const expected = permutations / n
    const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(Math.abs(chiSquareDeviation((statistic * (n - 1)) / n, (n - 1) ** 2))).toBeLessThan(4)
  })

  it('makes all 24 orders of four elements equally often', () => {
    const orders = new Map<string, number>()
    for (let index = 0; index < 24_000; index++) {
      const keys = permutationKeys(index, key)
      const order = [0, 1, 2, 3].map((p) => permute(p, 4, keys)).join('')
      orders.set(order, (orders.get(order) ?? 0) + 1)
    }
    expect(orders.size).toBe(24)
    expect(Math.abs(uniformDeviation([...orders.values()]))).toBeLessThan(4)
  })

  it('places two neighbours independently', () => {
    const n = 10
    const pairs = new Map<number, number>()
    for (let index = 0; index < 20_000; index++) {
      const keys = permutationKeys(index, key)
      const pair = permute(3, n, keys) * n + permute(4, n, keys)
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    }
    expect(pairs.size).toBe(n * (n - 1))
    expect(Math.abs(uniformDeviation([...pairs.values()]))).toBeLessThan(4)
  })
})

describe('permutationHalfBits', () => {
  it('is half of the smallest even number of bits that holds n values', () => {
    for (const [n, half] of [
      [1, 1],
      [4, 1],
      [5, 2],
      [16, 2],
      [17, 3],
      [65_536, 8],
      [65_537, 9],
      [0xffffffff, 16],
    ] as const) {
      expect(permutationHalfBits(n)).toBe(half)
    }
  })
})
