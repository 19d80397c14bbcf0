import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseNumber } from '../../src/readers/parseNumber.ts'
import { parseTime } from '../../src/readers/parseTime.ts'

function parsed(text: string, parse = parseNumber): number {
  const bytes = new TextEncoder().encode(`x${text}x`)
  return parse(bytes, 1, bytes.length - 1)
}

test('agrees with Number to the last bit', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parsed(String(value))).toBe(Number(String(value)))
    }),
  )
  fc.assert(
    fc.property(fc.integer(), fc.nat(12), (whole, places) => {
      const text = (whole / 1000).toFixed(places)
      expect(parsed(text)).toBe(Number(text))
    }),
  )
})

test.each(['', '-', '.', '1.2.3', '1,5', 'Infinity', 'NaN', '0x10', '1e999', ' 1', '1 ', 'five', '1_000'])(
  'refuses %j',
  (text) => {
    expect(parsed(text)).toBeNaN()
  },
)

test('reads times as numbers or ISO dates, without a zone as UTC', () => {
  expect(parsed('964982703', parseTime)).toBe(964982703)
  expect(parsed('2026-01-31', parseTime)).toBe(1769817600)
  expect(parsed('2026-01-31 12:30', parseTime)).toBe(1769862600)
  expect(parsed('2026-01-31T12:30:00.5Z', parseTime)).toBe(1769862600.5)
  expect(parsed('2026-01-31T12:30:00+01:00', parseTime)).toBe(1769859000)
  for (const text of ['31.01.2026', '2026-13-01', 'yesterday', '']) expect(parsed(text, parseTime)).toBeNaN()
})
