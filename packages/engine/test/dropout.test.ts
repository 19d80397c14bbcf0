import { describe, expect, it } from 'vitest'
import { dropoutScale, dropoutThreshold, isKept, keyOfSeed, philox4x32, Stream } from '../src/index.ts'

const key = keyOfSeed(2 ** 40 + 3)

describe('dropout', () => {
  it('compares in steps of 2^−16, and its scale makes up for exactly the share that is dropped', () => {
    expect(dropoutThreshold(0)).toBe(0)
    expect(dropoutThreshold(0.5)).toBe(32768)
    expect(dropoutThreshold(0.1)).toBe(6554)
    for (const dropout of [0, 0.1, 0.2, 0.5, 0.9]) {
      expect(dropoutScale(dropout) * (1 - dropoutThreshold(dropout) / 65536)).toBeCloseTo(1, 15)
      expect(dropoutScale(dropout)).toBeCloseTo(1 / (1 - dropout), 2)
    }
  })

  it('keeps everything without dropout', () => {
    for (let element = 0; element < 100; element++) expect(isKept(0, 1, 1, element, 0, key)).toBe(true)
  })

  it('takes eight elements from a block: the low half of each word, then its high half', () => {
    for (const [step, node, layer, element] of [
      [0, 0, 1, 0],
      [7, 31, 2, 13],
      [70_000, 9, 16, 511],
      [1, 2, 3, 6],
      [1, 2, 3, 7],
    ] as const) {
      const words = philox4x32([step, node, 64 * layer + Math.floor(element / 8), Stream.dropout], key)
      const word = words[Math.floor((element % 8) / 2)]!
      const draw = element % 2 === 0 ? word % 65536 : Math.floor(word / 65536)
      expect(isKept(step, node, layer, element, draw, key)).toBe(true)
      expect(isKept(step, node, layer, element, draw + 1, key)).toBe(false)
    }
  })

  it.each([0.1, 0.2, 0.5, 0.8])('drops a share near %d in every place of a block', (dropout) => {
    const dropped = new Float64Array(8)
    const rounds = 4000
    for (let node = 0; node < rounds; node++) {
      for (let element = 0; element < 8; element++) {
        if (!isKept(3, node, 1, element, dropoutThreshold(dropout), key)) dropped[element]!++
      }
    }
    const deviation = Math.sqrt(rounds * dropout * (1 - dropout))
    for (const count of dropped) expect(Math.abs(count - rounds * dropout)).toBeLessThan(4 * deviation)
  })

  it('does not repeat a layer’s draws in the next, at any width', () => {
    const pattern = (layer: number, element: number): boolean => isKept(0, 0, layer, element, 32768, key)
    let equal = 0
    for (let element = 0; element < 512; element++) if (pattern(1, element) === pattern(2, element)) equal++
    expect(Math.abs(equal - 256)).toBeLessThan(4 * Math.sqrt(128))
  })
})
