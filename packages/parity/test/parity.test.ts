import { expect, test } from 'vitest'
import {
  allVariants,
  coveringCombinations,
  expectClose,
  OPTIONS,
  product,
  randomSpec,
  refusedVariants,
  RUNS,
  triplesOf,
  type Combination,
} from '../src/index.ts'

test('every three options meet in some variant that is trained, unless a spec may not have them', () => {
  const names = allVariants().map(([name]) => name)
  expect(new Set(names).size).toBe(names.length)
  const met = new Set(names.flatMap((name) => triplesOf(combinationNamed(name))))
  const missing = product(OPTIONS)
    .flatMap(triplesOf)
    .filter((triple) => !met.has(triple))
  expect(missing.filter((triple) => !(triple.includes('backbone: lgn') && triple.includes('adam, lazy')))).toEqual([])
  expect(names.length).toBeLessThan(65)
})

test('what a spec may not have together is refused once for every two options', () => {
  expect(refusedVariants().map(([name]) => name)).toEqual(['lgn, adam, lazy', 'lgn with options, adam, lazy'])
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

function combinationNamed(name: string): Combination {
  const found = product(OPTIONS).find((combination) => Object.values(combination).join(', ') === name)
  if (found === undefined) throw new Error(`no combination is called "${name}"`)
  return found
}
