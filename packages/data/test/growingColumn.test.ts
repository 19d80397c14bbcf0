import { expect, test } from 'vitest'
import { countColumn } from '../src/growingColumn.ts'

test.each([0, 1, 131_071, 131_072, 131_073, 400_000])('returns exactly the %i values pushed', (length) => {
  const column = countColumn()
  for (let k = 0; k < length; k++) column.push(k)
  expect(column.length).toBe(length)
  const values = column.finish()
  expect(values).toHaveLength(length)
  expect(values.every((value, k) => value === k)).toBe(true)
  expect(column.length).toBe(0)
})
