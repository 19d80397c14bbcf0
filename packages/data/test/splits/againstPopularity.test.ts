import { columnCounts, csrFromPairs } from '@gradrec/engine'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  csrIntersection,
  mixHeldOut,
  popularityGini,
  splitInteractions,
  splitIntervened,
  splitMixPools,
} from '../../src/index.ts'
import { arbitraryCsr } from '../arbitraryCsr.ts'
import { plainPairs } from '../plainInteractions.ts'

const seeds = fc.nat(2 ** 31)

/** 12,000 pairs: item i of 12 has 3,000 / (i + 1) users or a few more, as popularity is in the wild. */
const counts = Array.from({ length: 12 }, (_, item) => Math.round(3000 / (item + 1)))
const UNEVEN = csrFromPairs(
  counts.flatMap((count) => Array.from({ length: count }, (_, user) => user)),
  counts.flatMap((count, item) => Array.from({ length: count }, () => item)),
  3000,
  12,
)

test('intervened with any shares partitions the pairs in those shares', () => {
  const share = fc.double({ min: 0, max: 0.33, noNaN: true })
  fc.assert(
    fc.property(arbitraryCsr(), share, share, share, seeds, (matrix, intervenedTrain, validation, forTest, seed) => {
      fc.pre(intervenedTrain + validation + forTest > 0)
      const options = { intervenedTrain, validation, test: forTest, seed }
      const parts = splitIntervened(matrix, options)
      expect([parts.train, parts.validation, parts.test].flatMap(plainPairs).toSorted()).toEqual(
        plainPairs(matrix).toSorted(),
      )
      expect(csrIntersection(parts.train, parts.intervenedTrain)).toEqual(parts.intervenedTrain)
      const pairs = matrix.columns.length
      // Each of the three counts is rounded, and the last takes what is left.
      for (const [part, wanted] of [
        [parts.intervenedTrain, intervenedTrain],
        [parts.validation, validation],
        [parts.test, forTest],
      ] as const) {
        expect(Math.abs(part.columns.length - pairs * wanted)).toBeLessThanOrEqual(2)
        if (wanted === 0) expect(part.columns.length).toBeLessThanOrEqual(1)
      }
      expect(splitIntervened(matrix, options)).toEqual(parts)
    }),
  )
})

test('a small test is nearly uniform over items of uneven popularity', () => {
  // Averaged over seeds; drawn without popularity's influence, each of the 12 items would have a twelfth.
  const drawn = new Float64Array(12)
  for (let seed = 0; seed < 50; seed++) {
    const { test: tested } = splitIntervened(UNEVEN, { intervenedTrain: 0, validation: 0, test: 0.04, seed })
    for (const [item, count] of columnCounts(tested).entries()) drawn[item]! += count / tested.columns.length / 50
  }
  for (const share of drawn) expect(Math.abs(share - 1 / 12)).toBeLessThan(0.012)
  const iid = splitInteractions({ matrix: UNEVEN, time: undefined }, { kind: 'iidByUser' }, 1)
  const intervened = splitIntervened(UNEVEN, { seed: 1 })
  expect(popularityGini(intervened.test)).toBeLessThan(0.6 * popularityGini(iid.parts.test!))
})

test('two items are drawn first in the ratio of their weights', () => {
  // One pair of item 0 against three of item 1, which weigh 1 and ⅓ each: the first draw is item 0 in half of the cases.
  const matrix = csrFromPairs([0, 0, 1, 2], [0, 1, 1, 1], 3, 2)
  let first = 0
  for (let seed = 0; seed < 2000; seed++) {
    const { test: tested } = splitIntervened(matrix, { intervenedTrain: 0, validation: 0, test: 0.25, seed })
    if (tested.columns[0] === 0) first++
  }
  // Standard deviation 22.4.
  expect(Math.abs(first - 1000)).toBeLessThan(90)
  // Capped at the lowest of the distinct weights, all pairs weigh the same.
  let capped = 0
  for (let seed = 0; seed < 2000; seed++) {
    const options = { intervenedTrain: 0, validation: 0, test: 0.25, weightCap: 0, seed }
    if (splitIntervened(matrix, options).test.columns[0] === 0) capped++
  }
  // Probability ¼, standard deviation 19.4.
  expect(Math.abs(capped - 500)).toBeLessThan(80)
})

test('seeds differ, and presets of the paper and of DICE have their sizes', () => {
  const split = { kind: 'intervened' } as const
  const pairs = { matrix: UNEVEN, time: undefined }
  expect(splitInteractions(pairs, split, 1).parts.test).not.toEqual(splitInteractions(pairs, split, 2).parts.test)
  const paper = splitInteractions(pairs, { ...split, intervenedTrain: 0, test: 0.3 }, 0)
  expect(Object.keys(paper.parts)).toEqual(['train', 'validation', 'test'])
  expect(paper.protocol).toMatchInlineSnapshot(
    `"40 % of the interactions are drawn with probabilities inverse to popularity: 10 % validate, 30 % test (seed 0)."`,
  )
  expect(() => splitIntervened(UNEVEN, { test: 0.9 })).toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: the shares drawn against popularity are intervenedTrain 0.1, validation 0.1 and test 0.9; expected numbers, 0 or more, above 0 and below 1 in sum]`,
  )
  expect(() => splitIntervened(UNEVEN, { weightCap: 101 })).toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: weightCap is 101; expected a percentile, 0 to 100]`,
  )
})

test('mixtures are of one size, nested, and beside one training part', () => {
  fc.assert(
    fc.property(arbitraryCsr(), seeds, (matrix, seed) => {
      const pools = splitMixPools(matrix, { validation: 0.1, test: 0.2, seed })
      const { train, intervened, iid } = pools
      const all = [train, intervened.validation, intervened.test, iid.validation, iid.test]
      expect(all.flatMap(plainPairs).toSorted()).toEqual(plainPairs(matrix).toSorted())
      expect(iid.test.columns.length).toBe(intervened.test.columns.length)
      expect(mixHeldOut(intervened.test, iid.test, 1, seed)).toEqual(intervened.test)
      expect(mixHeldOut(intervened.test, iid.test, 0, seed)).toEqual(iid.test)
      let before = new Set<string>()
      for (const p of [0, 0.25, 0.5, 0.75, 0.9, 1]) {
        const mixed = mixHeldOut(intervened.test, iid.test, p, seed)
        expect(mixed.columns.length).toBe(iid.test.columns.length)
        const fromIntervened = new Set(plainPairs(csrIntersection(mixed, intervened.test)))
        expect(fromIntervened.size).toBe(Math.round(p * mixed.columns.length))
        expect([...before].every((pair) => fromIntervened.has(pair))).toBe(true)
        before = fromIntervened
      }
      expect(splitMixPools(matrix, { validation: 0.1, test: 0.2, seed })).toEqual(pools)
    }),
  )
})

test('the more of a mixture is intervened, the more even its items; the IID pool is as uneven as training', () => {
  const { train, intervened, iid } = splitMixPools(UNEVEN, { seed: 4 })
  const ginis = [0, 0.5, 0.75, 0.9, 1].map((p) => popularityGini(mixHeldOut(intervened.test, iid.test, p)))
  expect(ginis).toEqual(ginis.toSorted((a, b) => b - a))
  expect(Math.abs(popularityGini(iid.test) - popularityGini(train))).toBeLessThan(0.05)
})

test('the kind mix makes one data set of them', () => {
  const pairs = { matrix: UNEVEN, time: undefined }
  const made = [0, 1].map((intervenedShare) => splitInteractions(pairs, { kind: 'mix', intervenedShare }, 3))
  expect(made[0]!.parts.train).toEqual(made[1]!.parts.train)
  expect(made[0]!.protocol).toMatchInlineSnapshot(
    `"60 % of the interactions train. Validation (5 %) and test (15 %) are drawn to 0 % with probabilities inverse to popularity and to 100 % evenly; the remaining 20 %, which other mixtures hold out, are left out (seed 3)."`,
  )
  expect(() => splitInteractions(pairs, { kind: 'mix', test: 0.5 }, 0)).toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: the shares of each pool are validation 0.05 and test 0.5; expected numbers, 0 or more, above 0 and below 0.5 in sum, since there are two pools]`,
  )
  expect(() => splitInteractions(pairs, { kind: 'mix', intervenedShare: 2 }, 0)).toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: the intervened share is 2; expected a number, 0 to 1]`,
  )
})
