import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { csrDifference, csrHas, csrIntersection, csrUnion } from '../src/index.ts'
import { arbitraryCsr } from './arbitraryCsr.ts'
import { plainPairs } from './plainInteractions.ts'

test('agrees with sets of pairs', () => {
  fc.assert(
    fc.property(arbitraryCsr(), arbitraryCsr(), (a, b) => {
      const inA = new Set(plainPairs(a))
      const inB = new Set(plainPairs(b))
      expect(new Set(plainPairs(csrUnion(a, b)))).toEqual(new Set([...inA, ...inB]))
      expect(plainPairs(csrDifference(a, b))).toEqual([...inA].filter((pair) => !inB.has(pair)))
      expect(plainPairs(csrIntersection(a, b))).toEqual([...inA].filter((pair) => inB.has(pair)))
      for (let row = 0; row < a.rows; row++) {
        for (let column = 0; column < a.columnCount; column++) {
          expect(csrHas(a, row, column)).toBe(inA.has(`${row},${column}`))
        }
      }
    }),
    { numRuns: 50 },
  )
})
