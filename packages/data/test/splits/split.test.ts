import { columnCounts, csrFromPairs } from '@gradrec/engine'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  csrIntersection,
  csrUnion,
  splitIidByUser,
  splitInteractions,
  splitIntervened,
  splitPerItem,
} from '../../src/index.ts'
import { arbitraryCsr } from '../arbitraryCsr.ts'
import { plainPairs } from '../plainInteractions.ts'

const seeds = fc.nat(2 ** 31)

test('perItem partitions the pairs, takes min(m, n − 1) of each item and is deterministic', () => {
  fc.assert(
    fc.property(arbitraryCsr(), fc.integer({ min: 1, max: 4 }), seeds, (matrix, perItem, seed) => {
      const { train, heldOut } = splitPerItem(matrix, { perItem, seed })
      expect(csrIntersection(train, heldOut).columns).toHaveLength(0)
      expect(plainPairs(csrUnion(train, heldOut))).toEqual(plainPairs(matrix))
      const expected = columnCounts(matrix).map((count) => Math.min(perItem, Math.max(0, count - 1)))
      expect(columnCounts(heldOut)).toEqual(expected)
      expect(splitPerItem(matrix, { perItem, seed })).toEqual({ train, heldOut })
    }),
  )
})

test('perItem draws each user of an item equally often, and otherwise with another seed or purpose', () => {
  const matrix = csrFromPairs([0, 1, 2, 3], [0, 0, 0, 0], 4, 1)
  const counts = new Uint32Array(4)
  for (let seed = 0; seed < 2000; seed++) {
    const { heldOut } = splitPerItem(matrix, { perItem: 1, seed })
    counts[plainPairs(heldOut).map((pair) => Number(pair[0]))[0]!]!++
  }
  // 2,000 draws of probability ¼: the standard deviation is 19.4.
  for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(80)
  const purposes = Array.from({ length: 20 }, (_, seed) =>
    (['validation', 'test'] as const).map((purpose) =>
      plainPairs(splitPerItem(matrix, { perItem: 1, seed, purpose }).heldOut),
    ),
  )
  expect(purposes.some(([validation, forTest]) => validation![0] !== forTest![0])).toBe(true)
})

test('iidByUser partitions the pairs, keeps a training pair of each user and is deterministic', () => {
  const share = fc.double({ min: 0, max: 0.49, noNaN: true })
  fc.assert(
    fc.property(arbitraryCsr(), share, share, seeds, (matrix, validation, forTest, seed) => {
      const options = { validation, test: forTest, seed }
      const parts = splitIidByUser(matrix, options)
      const all = [parts.train, parts.validation, parts.test]
      expect(all.flatMap(plainPairs).toSorted()).toEqual(plainPairs(matrix).toSorted())
      for (let user = 0; user < matrix.rows; user++) {
        const [inAll, inTrain, inValidation, inTest] = [matrix, ...all].map(
          (part) => part.rowPointer[user + 1]! - part.rowPointer[user]!,
        ) as [number, number, number, number]
        if (inAll > 0) expect(inTrain).toBeGreaterThan(0)
        expect(Math.abs(inTest - inAll * forTest)).toBeLessThanOrEqual(1)
        expect(Math.abs(inValidation - inAll * validation)).toBeLessThanOrEqual(2)
      }
      expect(splitIidByUser(matrix, options)).toEqual(parts)
    }),
  )
})

test('iidByUser keeps the shares on average, also for users of five interactions', () => {
  const users = 2000
  const pairs = Array.from({ length: users * 5 }, (_, k) => k)
  const matrix = csrFromPairs(
    pairs.map((k) => Math.floor(k / 5)),
    pairs.map((k) => k % 5),
    users,
    5,
  )
  const { validation, test: tested } = splitIidByUser(matrix, { validation: 0.1, test: 0.1, seed: 7 })
  for (const part of [validation, tested]) expect(Math.abs(part.columns.length - 1000)).toBeLessThan(100)
})

test('intervened partitions the pairs 60 / 10 / 10 / 20 and flattens popularity', () => {
  fc.assert(
    fc.property(arbitraryCsr(), seeds, (matrix, seed) => {
      const { train, intervenedTrain, validation, test: tested } = splitIntervened(matrix, { seed })
      expect([train, validation, tested].flatMap(plainPairs).toSorted()).toEqual(plainPairs(matrix).toSorted())
      expect(csrIntersection(train, intervenedTrain)).toEqual(intervenedTrain)
      const drawn = Math.round(matrix.columns.length * 0.4)
      expect(intervenedTrain.columns.length + validation.columns.length + tested.columns.length).toBe(drawn)
    }),
  )
  // Item 0 has 900 users, items 1 … 9 have 100 each: half of all. Drawn evenly, item 0 gets about a tenth of the test.
  const pairs = Array.from({ length: 1800 }, (_, k) => (k < 900 ? [k, 0] : [k % 100, Math.floor(k / 100) - 8])) as [
    number,
    number,
  ][]
  const matrix = csrFromPairs(
    pairs.map(([user]) => user),
    pairs.map(([, item]) => item),
    900,
    10,
  )
  const counts = columnCounts(splitIntervened(matrix, { seed: 1 }).test)
  expect(counts[0]! / counts.reduce((a, b) => a + b, 0)).toBeLessThan(0.2)
})

test('shares and counts out of range are refused', () => {
  const matrix = csrFromPairs([0], [0], 1, 1)
  expect(() => splitPerItem(matrix, { perItem: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: perItem is 0; expected a whole number, 1 or more]`,
  )
  expect(() => splitIidByUser(matrix, { validation: 0.5, test: 0.5 })).toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: the shares held out are validation 0.5 and test 0.5; expected numbers, 0 or more, below 1 in sum]`,
  )
})

test('a split without a share makes no part, and says what it did', () => {
  const matrix = csrFromPairs([0, 0, 1, 1], [0, 1, 0, 1], 2, 2)
  expect(splitInteractions({ matrix, time: undefined }, { kind: 'none' }, 0)).toEqual({
    parts: { train: matrix },
    protocol: 'All interactions are for training.',
  })
  const { parts, protocol } = splitInteractions({ matrix, time: undefined }, { kind: 'perItem', validation: 1 }, 3)
  expect(Object.keys(parts)).toEqual(['train', 'validation'])
  expect(protocol).toMatchInlineSnapshot(
    `"Of each item's training interactions, 1 are held out at random for validation, while one is left to train on (seed 3)."`,
  )
  expect(
    Object.keys(
      splitInteractions({ matrix, time: undefined }, { kind: 'iidByUser', validation: 0, test: 0.5 }, 3).parts,
    ),
  ).toEqual(['train', 'test'])
})
