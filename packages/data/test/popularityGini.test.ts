import { columnCounts, csrFromPairs } from '@gradrec/engine'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { popularityGini } from '../src/index.ts'
import { arbitraryCsr } from './arbitraryCsr.ts'

test('is half the mean difference of two items over the mean', () => {
  fc.assert(
    fc.property(arbitraryCsr(), (matrix) => {
      const counts = [...columnCounts(matrix)]
      const total = matrix.columns.length
      const differences = counts.flatMap((a) => counts.map((b) => Math.abs(a - b))).reduce((sum, each) => sum + each, 0)
      const expected = total === 0 ? 0 : differences / (2 * counts.length * total)
      expect(popularityGini(matrix)).toBeCloseTo(expected, 10)
    }),
  )
})

test('is 0 for even items and (n − 1) / n for one that has all', () => {
  expect(popularityGini(csrFromPairs([0, 1, 2], [0, 1, 2], 3, 3))).toBeCloseTo(0, 12)
  expect(popularityGini(csrFromPairs([0, 1, 2], [1, 1, 1], 3, 4))).toBeCloseTo(0.75, 12)
})
