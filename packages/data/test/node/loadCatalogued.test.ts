import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { columnCounts, csrFromPairs } from '@gradrec/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { interactionStatistics, writeNpz, type Dataset } from '../../src/index.ts'
import { loadCatalogued, readFile, type LoadCataloguedOptions } from '../../src/node/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'gradrec-data-'))

/** 4 users × 3 items: N, S, V and T in DICE's files. */
const DICE = {
  'train_coo_record.npz': csrFromPairs([0, 0, 1, 2], [0, 1, 0, 0], 4, 3),
  'train_skew_coo_record.npz': csrFromPairs([3], [2], 4, 3),
  'val_coo_record.npz': csrFromPairs([1], [1], 4, 3),
  'test_coo_record.npz': csrFromPairs([2, 3], [1, 1], 4, 3),
}

beforeAll(() => {
  for (const name of ['ml10m', 'netflix', 'adressa', 'gowalla', 'ml100k', 'ml-latest-small', 'partial/ml10m']) {
    mkdirSync(join(folder, name), { recursive: true })
  }
  for (const name of ['ml10m', 'netflix']) {
    for (const [file, matrix] of Object.entries(DICE)) writeFileSync(join(folder, name, file), writeNpz(matrix))
  }
  for (const name of ['adressa', 'gowalla']) {
    writeFileSync(join(folder, name, 'train.txt'), '0 0 1 \n1 0 1\n2 0 1\n3 0\n')
    writeFileSync(join(folder, name, 'test.txt'), '3 1\n4 0\n')
  }
  const rows = Array.from({ length: 40 }, (_, k) => [1 + (k % 4), 1 + Math.floor(k / 4), 1 + (k % 5), 1000 + k])
  writeFileSync(join(folder, 'ml100k/u.data'), rows.map((row) => `${row.join('\t')}\n`).join(''))
  const header = 'userId,movieId,rating,timestamp\n'
  writeFileSync(join(folder, 'ml-latest-small/ratings.csv'), header + rows.map((row) => `${row.join(',')}\n`).join(''))
  writeFileSync(join(folder, 'partial/ml10m/train_coo_record.npz'), '')
})

afterAll(() => rmSync(folder, { recursive: true }))

interface Expected {
  readonly users: number
  readonly items: number
  readonly parts: Readonly<Record<string, number>>
}

function sizes(dataset: Dataset): Expected {
  const parts = Object.entries(dataset.parts).map(([name, part]) => [name, part.columns.length])
  return {
    users: dataset.users.size,
    items: dataset.items.size,
    parts: Object.fromEntries(parts) as Record<string, number>,
  }
}

/** The files as they are, and what METHODS.md §9.1 counts in them; a small copy of the same form where they are not there. */
const real = process.env['GRADREC_DATA']
const root = real ?? folder

const COUNTS: readonly (readonly [string, LoadCataloguedOptions, Expected, Expected])[] = [
  [
    'ml10m',
    {},
    {
      users: 37_962,
      items: 4819,
      parts: { train: 960_031, intervenedTrain: 137_147, validation: 137_147, test: 274_295 },
    },
    { users: 4, items: 3, parts: { train: 5, intervenedTrain: 1, validation: 1, test: 2 } },
  ],
  [
    'ml10m',
    { protocol: 'paper-60-10-30' },
    { users: 37_962, items: 4819, parts: { train: 822_884, validation: 137_147, test: 411_442 } },
    { users: 4, items: 3, parts: { train: 4, validation: 1, test: 3 } },
  ],
  [
    'netflix',
    { protocol: 'paper-60-10-30' },
    { users: 32_450, items: 8432, parts: { train: 1_327_614, validation: 221_269, test: 663_807 } },
    { users: 4, items: 3, parts: { train: 4, validation: 1, test: 3 } },
  ],
  [
    'netflix',
    { protocol: 'train60-test20' },
    { users: 32_450, items: 8432, parts: { train: 1_327_614, validation: 221_269, test: 442_538 } },
    { users: 4, items: 3, parts: { train: 4, validation: 1, test: 2 } },
  ],
  [
    'adressa',
    {},
    { users: 13_485, items: 744, parts: { train: 112_049, validation: 1296, test: 2976 } },
    { users: 5, items: 2, parts: { train: 3, validation: 4, test: 2 } },
  ],
  [
    'gowalla',
    {},
    { users: 29_858, items: 40_981, parts: { train: 740_503, validation: 81_962, test: 204_905 } },
    { users: 5, items: 2, parts: { train: 3, validation: 4, test: 2 } },
  ],
]

describe(real === undefined ? 'on fixtures' : 'on the real files', () => {
  test.each(COUNTS)('%s has the counts it should have', async (name, options, onReal, onFixture) => {
    const dataset = await loadCatalogued(name, root, options)
    expect(sizes(dataset)).toEqual(real === undefined ? onFixture : onReal)
  })

  test.each([
    ['ml100k', 100_000, 55_375],
    ['ml-latest-small', 100_836, 48_580],
  ])('%s keeps the ratings of 4 and more', async (name, rows, kept) => {
    const { parts, repairs } = await loadCatalogued(name, root)
    const all = Object.values(parts).reduce((sum, part) => sum + part.columns.length, 0)
    const [expectedRows, expectedKept] = real === undefined ? [40, 16] : [rows, kept]
    expect(all).toBe(expectedKept)
    expect(repairs.find(({ code }) => code === 'below-rating')?.count).toBe(expectedRows - expectedKept)
  })

  test.each(['leave-one-out', 'temporal'])('the MovieLens files have the times that %s needs', async (protocol) => {
    const { parts } = await loadCatalogued('ml100k', root, { protocol })
    expect(Object.keys(parts)).toEqual(['train', 'validation', 'test'])
  })

  test('parts that are shipped can be put together and split anew', async () => {
    const { parts } = await loadCatalogued('ml10m', root, {
      split: { kind: 'intervened', intervenedTrain: 0, validation: 0.2, test: 0.2 },
      kCore: { users: 1 },
    })
    const shipped = await loadCatalogued('ml10m', root)
    const size = (all: Dataset['parts']): number =>
      all.train.columns.length + (all.validation?.columns.length ?? 0) + (all.test?.columns.length ?? 0)
    expect(size(parts)).toBe(size(shipped.parts))
    await expect(loadCatalogued('ml10m', root, { kCore: { users: 2 } })).rejects.toThrow('comes in parts')
  })

  test('the held-out validation takes two of each item', async () => {
    for (const name of ['adressa', 'gowalla']) {
      const { train, validation, test: tested } = (await loadCatalogued(name, root, { seed: 5 })).parts
      const left = columnCounts(train)
      const held = columnCounts(validation!)
      expect(left.every((count) => count >= 1)).toBe(true)
      expect(held.every((count, item) => count === 2 || (count < 2 && left[item] === 1))).toBe(true)
      expect(new Set(columnCounts(tested!)).size).toBe(1)
    }
  })

  test("MovieLens-10M's biased part gives the paper's Table I", async () => {
    const { parts } = await loadCatalogued('ml10m', root, { protocol: 'train60-test20' })
    const { users, items } = interactionStatistics(parts.train)
    const rounded = (values: readonly number[]): number[] => values.map((value) => Number(value.toFixed(1)))
    const userRows = [users.all, users.active, users.inactive].map((group) =>
      rounded([group.users, group.popularItemsPerUser, group.unpopularItemsPerUser]),
    )
    const itemRows = [items.all, items.popular, items.unpopular].map((group) =>
      rounded([group.items, group.activeUsersPerItem, group.inactiveUsersPerItem]),
    )
    // In the fixture users have 2, 1, 1, 0 and items 3, 1, 0 of 4: user 0 and 1 (3 < 3.2), item 0 (3 < 3.2).
    const [expectedUsers, expectedItems] =
      real === undefined
        ? [
            [
              [4, 0.8, 0.3],
              [2, 1, 0.5],
              [2, 0.5, 0],
            ],
            [
              [3, 1, 0.3],
              [1, 2, 1],
              [2, 0.5, 0],
            ],
          ]
        : [
            [
              [37_962, 17.3, 4.3],
              [20_801, 25.1, 6.5],
              [17_161, 7.9, 1.7],
            ],
            [
              [4819, 136.6, 34.2],
              [328, 1592.2, 413.4],
              [4491, 30.3, 6.5],
            ],
          ]
    expect(userRows).toEqual(expectedUsers)
    expect(itemRows).toEqual(expectedItems)
  })
})

test('reports how far it is', async () => {
  const seen: number[] = []
  const path = join(folder, 'ml100k/u.data')
  await readFile(path, { onProgress: ({ bytesRead, totalBytes }) => seen.push(bytesRead / totalBytes) })
  expect(seen.at(-1)).toBe(1)
})

test('says what is missing, where, and where to get it', async () => {
  const message = async (run: Promise<unknown>): Promise<string> => {
    const error: unknown = await run.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    return String(error).replaceAll(folder, '<root>')
  }
  expect(await message(readFile(join(folder, 'nothing.csv')))).toMatchInlineSnapshot(
    `"DataMissingError: <root>/nothing.csv: there is no such file; expected a file to read: check the path"`,
  )
  expect(await message(readFile(folder))).toMatchInlineSnapshot(
    `"DataMissingError: <root>: this is a folder; expected a file to read"`,
  )
  expect(await message(loadCatalogued('ml10m', join(folder, 'partial')))).toMatchInlineSnapshot(
    `"DataMissingError: ml10m: train_skew_coo_record.npz, val_coo_record.npz, test_coo_record.npz are not in <root>/partial/ml10m; get the data from GroupLens MovieLens 10M; prepared by Zheng et al., DICE (github.com/tsinghua-fib-lab/DICE) (MovieLens: research use with acknowledgement; no redistribution, no commercial use without permission) and put the files there, or give the folder that holds them"`,
  )
  expect(await message(loadCatalogued('ml10m', folder, { protocol: 'random' }))).toMatchInlineSnapshot(
    `"DataOptionError: ml10m has no protocol called "random"; it has dice, paper-60-10-30, train60-test20"`,
  )
})
