import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { IdTable } from '../src/index.ts'

const id = fc.oneof(
  fc.nat(5_000_000).map(String),
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('7', '07', '007', '-7'),
)

test('gives every distinct text its own row, in order of arrival, and the text back', () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 2000 }), (ids) => {
      const table = new IdTable()
      const rows = ids.map((each) => table.addText(each))
      const distinct = [...new Set(ids)]
      expect(table.size).toBe(distinct.length)
      expect(rows).toEqual(ids.map((each) => distinct.indexOf(each)))
      expect(distinct.map((_, row) => table.idOf(row))).toEqual(distinct)
      expect(distinct.map((each) => table.indexOf(each))).toEqual(distinct.map((_, row) => row))
    }),
    { numRuns: 30 },
  )
})

test('tells numbers that are written differently apart, and keeps huge ones', () => {
  const table = new IdTable()
  const ids = ['7', '007', '7.0', '+7', '99999999999999999999999', '4194303', '4194304', '0', '00', '']
  for (const each of ids) table.addText(each)
  expect(table.size).toBe(ids.length)
  expect(ids.map((_, row) => table.idOf(row))).toEqual(ids)
})

test('knows nothing that was not added', () => {
  const table = new IdTable()
  table.addText('\u{fffd}')
  expect(table.indexOf('a')).toBeUndefined()
  // Half a surrogate pair has no UTF-8 and would be encoded as U+FFFD.
  expect(table.indexOf('\ud800')).toBeUndefined()
  expect(() => table.idOf(1)).toThrow(new RangeError('there is no row 1; expected 0 … 0'))
})
