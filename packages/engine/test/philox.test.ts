import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOfSeed, multiplyHigh, philox4x32, philoxWords, Stream, type Counter, type Key } from '../src/index.ts'

const word = fc.integer({ min: 0, max: 0xffffffff })

/** The high half of a product, in integers of any size. */
function exactHigh(a: number, b: number): number {
  return Number((BigInt(a) * BigInt(b)) >> 32n)
}

describe('philox4x32', () => {
  // The known-answer vectors that come with Random123, the authors' own library.
  const known: readonly (readonly [Counter, Key, string])[] = [
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ]
  it.each(known)('gives the known answer for counter %j and key %j', (counter, key, answer) => {
    expect(
      philox4x32(counter, key)
        .map((x) => x.toString(16).padStart(8, '0'))
        .join(' '),
    ).toBe(answer)
  })

  it('gives four unsigned words for any counter and key', () => {
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        for (const x of philox4x32(counter, key)) expect(x >>> 0).toBe(x)
      }),
    )
  })
})

describe('philoxWords', () => {
  it('writes the blocks of successive counters one after the other', () => {
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        const [first, c1, c2, stream] = counter
        const words = new Uint32Array(12)
        philoxWords(words, first, c1, c2, stream, key)
        const blocks = [0, 1, 2].flatMap((n) => philox4x32([(first + n) >>> 0, c1, c2, stream], key))
        expect([...words]).toEqual(blocks)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('multiplyHigh', () => {
  it('is the high half of the exact product', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(multiplyHigh(a, b)).toBe(exactHigh(a, b))
      }),
      { numRuns: 2000 },
    )
  })

  it('carries correctly at the edges of the halves', () => {
    const edges = [
      0, 1, 2, 0xfffe, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xffff0000, 0xfffffffe, 0xffffffff,
    ]
    for (const a of edges) for (const b of edges) expect(multiplyHigh(a, b)).toBe(exactHigh(a, b))
  })
})

describe('keyOfSeed', () => {
  it('splits a seed into its low and high words', () => {
    expect(keyOfSeed(0)).toEqual([0, 0])
    expect(keyOfSeed(0xffffffff)).toEqual([0xffffffff, 0])
    expect(keyOfSeed(2 ** 32 + 7)).toEqual([7, 1])
    expect(keyOfSeed(Number.MAX_SAFE_INTEGER)).toEqual([0xffffffff, 0x1fffff])
  })

  it('gives every seed a key of its own', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        const [low, high] = keyOfSeed(seed)
        expect(high * 2 ** 32 + low).toBe(seed)
      }),
    )
  })
})

describe('Stream', () => {
  it('numbers every kind of draw differently', () => {
    const numbers = Object.values(Stream)
    expect(new Set(numbers).size).toBe(numbers.length)
  })
})
