import { expect, test } from 'vitest'
import { rangeIdMap } from '../src/index.ts'

test('maps numbers to themselves, and only when written as numbers are', () => {
  const ids = rangeIdMap(12)
  expect(ids.idOf(11)).toBe('11')
  expect(['0', '11', '12', '-1', '07', '1.0', '', 'x'].map((id) => ids.indexOf(id))).toEqual([
    0,
    11,
    ...Array.from({ length: 6 }, () => undefined),
  ])
  expect(() => ids.idOf(12)).toThrow(RangeError)
})
