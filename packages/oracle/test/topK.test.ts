import { NO_ITEM } from '@gradrec/engine'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { topK } from '../src/index.ts'

describe('topK', () => {
  it('is the head of the items sorted by score, then by number', () => {
    // Few distinct scores, so that ties are everywhere.
    const scores = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 })
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(39)), (list, k, excluded) => {
        const sorted = list
          .map((score, item) => ({ score, item }))
          .filter(({ item }) => !excluded.includes(item))
          .sort((a, b) => b.score - a.score || a.item - b.item)
          .slice(0, k)
        const result = topK(list, k, excluded)
        expect([...result.items.subarray(0, sorted.length)]).toEqual(sorted.map(({ item }) => item))
        expect([...result.scores.subarray(0, sorted.length)]).toEqual(sorted.map(({ score }) => score))
        expect([...result.items.subarray(sorted.length)].every((item) => item === NO_ITEM)).toBe(true)
        expect([...result.scores.subarray(sorted.length)].every((score) => score === -Infinity)).toBe(true)
        expect(result.items.length).toBe(k)
      }),
      { numRuns: 500 },
    )
  })

  it('lists even an item that scores −∞, before the places left empty', () => {
    expect([...topK([-Infinity, 1], 3).items]).toEqual([1, 0, NO_ITEM])
  })
})
