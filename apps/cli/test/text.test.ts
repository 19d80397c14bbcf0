import { describe, expect, it } from 'vitest'
import { nearestName } from '../src/nearestName.ts'
import { alignTable } from '../src/output/alignTable.ts'
import { count, duration, percent, short } from '../src/output/formatNumbers.ts'
import { defaultRunName, isRunName } from '../src/run/runName.ts'

describe('nearestName', () => {
  const names = ['learning-rate', 'epochs', 'k', 'batch', 'dimension']
  it.each([
    ['learing-rate', 'learning-rate'],
    ['epcohs', 'epochs'],
    ['dim', 'dimension'],
    ['bath', 'batch'],
    ['colour', undefined],
  ])('%s → %s', (word, expected) => expect(nearestName(word, names)).toBe(expected))
})

it('numbers read well', () => {
  expect([count(1234567), percent(0.05), percent(0.000123456)]).toEqual(['1,234,567', '5 %', '0.0123 %'])
  expect([short(12), short(1234), short(1.5e7)]).toEqual(['12.0', '1.23 k', '15.0 M'])
  expect([duration(0.04), duration(59.4), duration(187), duration(3723)]).toEqual(['0.0 s', '59 s', '3:07', '1:02:03'])
})

it('tables are aligned', () => {
  expect(
    alignTable([
      ['', 'a', 'long'],
      ['name', '1.5', '2'],
    ]),
  ).toBe('        a  long\nname  1.5     2')
})

it('runs have names that can be folders', () => {
  const time = new Date(Date.UTC(2026, 0, 31, 9, 30))
  expect(defaultRunName('my data/2026', 'lgn', time)).toBe('my_data_2026-lgn-20260131-093000')
  expect(['a', 'a b', 'x@1.2'].every(isRunName)).toBe(true)
  expect(['', '.', '..', 'a/b', 'a\\b', ' a'].some(isRunName)).toBe(false)
})
