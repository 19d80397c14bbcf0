import { expect, test } from 'vitest'
import {
  allVariants,
  coveringCombinations,
  expectClose,
  meetingsOf,
  nameOf,
  pairsOf,
  OPTIONS,
  product,
  randomSpec,
  refusedVariants,
  RUNS,
  triplesOf,
} from '../src/index.ts'

/** Options that a spec may not have together. */
const REFUSED = [
  [/backbone: lgn/, /optimizer: adam, lazy/],
  [/objective: (dice|macr)/, /recording: recording (vector|gradient)/],
  [/objective: (dice|macr)/, /arms: arms/],
  [/recording: recording (vector|gradient)/, /arms: arms/],
  [/sampler: margin/, /arms: arms/],
  [/optimizer: adam, lazy/, /arms: arms/],
] as const

test('every two options meet in some variant that is trained, unless a spec may not have them', () => {
  const combinations = new Map(product(OPTIONS).map((combination) => [nameOf(combination), combination]))
  const names = allVariants().map(([name]) => name)
  expect(new Set(names).size).toBe(names.length)
  const met = new Set(names.flatMap((name) => meetingsOf(combinations.get(name) ?? {})))
  const missing = [...new Set(product(OPTIONS).flatMap(meetingsOf))].filter((meeting) => !met.has(meeting))
  expect(missing.filter((meeting) => !REFUSED.some((options) => options.every((o) => o.test(meeting))))).toEqual([])
  expect(names.length).toBeLessThan(80)
})

test('what a spec may not have together is refused once for every two options', () => {
  const choices = Object.entries(OPTIONS)
  const pairs = choices.flatMap(([a, ofA], n) =>
    choices.slice(n + 1).flatMap(([b, ofB]) => product({ [a]: ofA, [b]: ofB })),
  )
  const expected = pairs.filter((pair) =>
    pairsOf(pair).some((meeting) => REFUSED.some((options) => options.every((o) => o.test(meeting)))),
  )
  expect(refusedVariants().map(([name]) => name)).toEqual(expected.map(nameOf))
  // LightGCN twice; five objectives recorded twice; four kinds of arms with five objectives, two records, two margins, one update.
  expect(expected.length).toBe(2 + 5 * 2 + 4 * (5 + 2 + 2 + 1))
})

test('a covering of two options by two of two is the whole product, and a filter makes it smaller', () => {
  const choices = { a: ['1', '2'], b: ['1', '2'], c: ['1', '2'] }
  expect(coveringCombinations(choices, () => true).length).toBe(8)
  expect(coveringCombinations(choices, ({ a }) => a === '1').length).toBe(4)
  // Four choices of two options: eight runs can do what the product does in sixteen.
  const four = { ...choices, d: ['1', '2'] }
  const covering = coveringCombinations(four, () => true)
  expect(new Set(covering.flatMap(triplesOf))).toEqual(new Set(product(four).flatMap(triplesOf)))
  expect(covering.length).toBeLessThan(13)
})

test('runs have names of their own', () => {
  const names = RUNS.map(([name]) => name)
  expect(new Set(names).size).toBe(names.length)
})

test('random runs depend on their arguments alone', () => {
  expect(randomSpec({ dimension: 4 })).toEqual(randomSpec({ dimension: 4 }))
})

test('numbers apart fail, and the message says which', () => {
  expect(() => expectClose([1, 2], [1, 2.1])).toThrow('number 1 is 2; expected 2.1 within 0.000001 + 0.00001 relative')
  expect(() => expectClose([NaN], [1])).toThrow('number 0 is NaN')
  expect(() => expectClose([1], [1, 2])).toThrow()
  expectClose([1, 2.0001], [1, 2], { absolute: 1e-3 })
})
