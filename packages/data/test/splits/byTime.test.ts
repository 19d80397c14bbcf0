import { csrFromPairs, type Csr } from '@gradrec/engine'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  datasetFromInteractions,
  readInteractions,
  splitInteractions,
  splitLeaveOneOut,
  splitPerItem,
  splitTemporal,
  type Dataset,
  type Split,
} from '../../src/index.ts'
import { arbitraryCsr } from '../arbitraryCsr.ts'
import { chunksOfText } from '../chunksOfText.ts'
import { plainPairs } from '../plainInteractions.ts'

const seeds = fc.nat(2 ** 31)

/** A matrix, and a time of few values for each of its pairs, so that ties are common. */
const timed = arbitraryCsr().chain((matrix) =>
  fc
    .array(fc.integer({ min: -3, max: 6 }), { minLength: matrix.columns.length, maxLength: matrix.columns.length })
    .map((times) => ({ matrix, time: Float64Array.from(times) })),
)

function timesByPair(matrix: Csr, time: Float64Array): Map<string, number> {
  return new Map(plainPairs(matrix).map((pair, k) => [pair, time[k]!]))
}

test('leaveOneOut takes the latest of each user, then the one before', () => {
  fc.assert(
    fc.property(timed, seeds, ({ matrix, time }, seed) => {
      const parts = splitLeaveOneOut(matrix, { time, seed })
      const { train, validation, test: tested } = parts
      expect([train, validation, tested].flatMap(plainPairs).toSorted()).toEqual(plainPairs(matrix).toSorted())
      const at = timesByPair(matrix, time)
      for (let user = 0; user < matrix.rows; user++) {
        const [all, trained, validated, last] = [matrix, train, validation, tested].map((part) =>
          plainPairs(part)
            .filter((pair) => pair.startsWith(`${user},`))
            .map((pair) => at.get(pair)!),
        ) as [number[], number[], number[], number[]]
        expect([trained.length, validated.length, last.length]).toEqual(
          all.length < 2 ? [all.length, 0, 0] : all.length === 2 ? [1, 0, 1] : [all.length - 2, 1, 1],
        )
        expect(Math.max(...trained, ...validated)).toBeLessThanOrEqual(Math.max(...last, ...(last.length ? [] : all)))
        if (validated.length > 0) expect(Math.max(...trained)).toBeLessThanOrEqual(validated[0]!)
      }
      expect(splitLeaveOneOut(matrix, { time, seed })).toEqual(parts)
    }),
  )
})

test('leaveOneOut breaks ties, and draws without times, evenly', () => {
  const matrix = csrFromPairs([0, 0, 0, 0], [0, 1, 2, 3], 1, 4)
  for (const time of [new Float64Array(4), undefined]) {
    const counts = { validation: new Uint32Array(4), test: new Uint32Array(4) }
    for (let seed = 0; seed < 2000; seed++) {
      const parts = splitLeaveOneOut(matrix, { seed, ...(time && { time }) })
      for (const part of ['validation', 'test'] as const) counts[part][parts[part].columns[0]!]!++
    }
    // 2,000 draws of probability ¼: the standard deviation is 19.4.
    for (const count of [...counts.validation, ...counts.test]) expect(Math.abs(count - 500)).toBeLessThan(80)
  }
})

test('perItem takes the latest of each item, and at most a share', () => {
  const limits = fc.record({
    perItem: fc.integer({ min: 1, max: 3 }),
    maximumShare: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(timed, limits, seeds, ({ matrix, time }, { perItem, maximumShare }, seed) => {
      const { train, heldOut } = splitPerItem(matrix, { perItem, maximumShare, time, seed })
      expect([train, heldOut].flatMap(plainPairs).toSorted()).toEqual(plainPairs(matrix).toSorted())
      const at = timesByPair(matrix, time)
      for (let item = 0; item < matrix.columnCount; item++) {
        const [trained, held] = [train, heldOut].map((part) =>
          plainPairs(part)
            .filter((pair) => pair.endsWith(`,${item}`))
            .map((pair) => at.get(pair)!),
        ) as [number[], number[]]
        const count = trained.length + held.length
        expect(held.length).toBe(Math.max(0, Math.min(perItem, Math.floor(maximumShare * count), count - 1)))
        expect(Math.max(-Infinity, ...trained)).toBeLessThanOrEqual(Math.min(Infinity, ...held))
      }
    }),
  )
})

test('temporal trains on nothing that happened at or after a cut', () => {
  const share = fc.double({ min: 0, max: 0.49, noNaN: true })
  fc.assert(
    fc.property(timed, share, share, ({ matrix, time }, validation, forTest) => {
      const parts = splitTemporal(matrix, time, { validation, test: forTest })
      const { train, validation: validated, test: tested, validationFrom, testFrom } = parts
      expect([train, validated, tested].flatMap(plainPairs).toSorted()).toEqual(plainPairs(matrix).toSorted())
      const at = timesByPair(matrix, time)
      expect(plainPairs(train).every((pair) => at.get(pair)! < validationFrom)).toBe(true)
      expect(plainPairs(validated).every((pair) => at.get(pair)! >= validationFrom && at.get(pair)! < testFrom)).toBe(
        true,
      )
      expect(plainPairs(tested).every((pair) => at.get(pair)! >= testFrom)).toBe(true)
      // Ties at the cut add to what is held out, and never take from it.
      expect(tested.columns.length).toBeGreaterThanOrEqual(Math.round(time.length * forTest))
    }),
  )
})

async function datasetOf(content: string, split: Split): Promise<Dataset> {
  return datasetFromInteractions(await readInteractions('t.csv', chunksOfText(content)), { name: 't', split })
}

const DAYS = `user,item,date
1,1,2020-01-01
1,2,2020-01-02
1,3,2020-01-05
2,1,2020-01-03
2,3,2020-01-04
2,4,2020-01-06
`

test('a file with dates is cut as by hand', async () => {
  const from = (date: string): number => Date.parse(date) / 1000
  const byDates = await datasetOf(DAYS, {
    kind: 'temporal',
    validationFrom: from('2020-01-04'),
    testFrom: from('2020-01-06'),
  })
  const plain = ({ parts }: Dataset): string[][] =>
    [parts.train, parts.validation!, parts.test!].map((part) => plainPairs(part))
  expect(plain(byDates)).toEqual([['0,0', '0,1', '1,0'], ['0,2', '1,2'], ['1,3']])
  expect(byDates.protocol).toMatchInlineSnapshot(
    `"What happened before 2020-01-04T00:00:00Z trains, before 2020-01-06T00:00:00Z validates, and what happened from then on tests."`,
  )
  const byShares = await datasetOf(DAYS, { kind: 'temporal', validation: 1 / 3, test: 1 / 6 })
  expect(plain(byShares)).toEqual(plain(byDates))
  expect(plain(await datasetOf(DAYS, { kind: 'leaveOneOut' }))).toEqual([
    ['0,0', '1,0'],
    ['0,1', '1,2'],
    ['0,2', '1,3'],
  ])
})

test('of a repeated pair the earliest time counts', async () => {
  const content = 'user,item,time\n1,1,5\n1,2,7\n1,1,9\n1,3,8\n'
  const { parts } = await datasetOf(content, { kind: 'leaveOneOut' })
  expect([parts.train, parts.validation!, parts.test!].map(plainPairs)).toEqual([['0,0'], ['0,1'], ['0,2']])
})

test('perItem of latest pairs takes the test first, then validation from what is left', async () => {
  const content = 'user,item,time\n1,a,1\n2,a,2\n3,a,3\n4,a,4\n1,b,1\n'
  const { parts } = await datasetOf(content, { kind: 'perItem', validation: 1, test: 1, order: 'latest' })
  expect([parts.train, parts.validation!, parts.test!].map(plainPairs)).toEqual([
    ['0,0', '0,1', '1,0'],
    ['2,0'],
    ['3,0'],
  ])
})

test('a split by time of interactions without times, or cut backwards, is refused', () => {
  const pairs = { matrix: csrFromPairs([0], [0], 1, 1), time: undefined }
  for (const split of [
    { kind: 'temporal' },
    { kind: 'leaveOneOut', order: 'latest' },
    { kind: 'perItem', order: 'latest' },
  ] as const) {
    expect(() => splitInteractions(pairs, split, 0)).toThrow('needs times, and these interactions have none')
  }
  expect(() =>
    splitTemporal(pairs.matrix, new Float64Array(1), { validationFrom: 3, testFrom: 2 }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: validation begins at 3 and the test at 2; expected numbers, the first not above the second]`,
  )
  expect(() => splitInteractions(pairs, { kind: 'none' }, -1)).toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: the seed of the split is -1; expected a whole number from 0 to 2^53 − 1]`,
  )
})
