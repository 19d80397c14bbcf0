import { expect, test } from 'vitest'
import { allVariants, expectClose, randomSpec, RUNS } from '../src/index.ts'

test('every backbone meets every sampler and optimizer once', () => {
  const names = allVariants().map(([name]) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('lgn, bpr, positives by user, sgd')
  expect(names).toContain('mf, bpr, positives by interaction, adam, lazy')
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
