import { gzipSync } from 'fflate'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer, type ColumnSource, type ParquetWriteOptions } from 'hyparquet-writer'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  inMemory,
  readInteractions,
  readParquet,
  type ColumnNames,
  type Interactions,
  type RandomAccess,
} from '../../src/index.ts'
import { readFile } from '../../src/node/index.ts'
import { chunksOfText } from '../chunksOfText.ts'
import { plainRows } from '../plainInteractions.ts'

type WriteOptions = Partial<Omit<ParquetWriteOptions, 'writer' | 'columnData'>>

function table(columnData: ColumnSource[], options: WriteOptions = {}): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parquetWriteBuffer({ columnData, ...options }))
}

function read(file: Uint8Array<ArrayBuffer>, columns: ColumnNames = {}): Promise<Interactions> {
  return readParquet('t.parquet', inMemory(file), { columns })
}

/** 1,000 rows over several row groups, with few users, so that their column is dictionary-coded. */
const ROWS = Array.from({ length: 1000 }, (_, k) => [
  `reader ${k % 7}`,
  `${9_007_199_254_740_993n + BigInt(k)}`,
  k % 5,
  1.7e9 + k,
])

const COLUMNS: ColumnSource[] = [
  { name: 'note', data: ROWS.map((_, k) => `é${k}`), type: 'STRING' },
  { name: 'user_id', data: ROWS.map(([user]) => user), type: 'STRING' },
  { name: 'itemId', data: BigInt64Array.from(ROWS, ([, item]) => BigInt(item!)), type: 'INT64' },
  { name: 'rating', data: Float32Array.from(ROWS, ([, , rating]) => Number(rating)), type: 'FLOAT' },
  { name: 'timestamp', data: BigInt64Array.from(ROWS, ([, , , time]) => BigInt(time!)), type: 'INT64' },
]

describe('a table comes back as it was written', () => {
  test.each([
    ['Snappy', {}],
    ['uncompressed', { codec: 'UNCOMPRESSED' }],
    ['GZIP', { codec: 'GZIP', compressors: { GZIP: (bytes: Uint8Array) => gzipSync(bytes) } }],
    ['row groups', { rowGroupSize: 130 }],
    ['small pages', { pageSize: 200, rowGroupSize: 400 }],
  ] as [string, WriteOptions][])('%s', async (_, options) => {
    const file = table(COLUMNS, options)
    expect(plainRows(await read(file))).toEqual(ROWS)
    expect(plainRows(await readInteractions('any name', chunksOfText(file, 1000)))).toEqual(ROWS)
    expect(plainRows(await readInteractions('t.parquet.gz', chunksOfText(gzipSync(file), 1000)))).toEqual(ROWS)
  })

  test('the user column is dictionary-coded, and plain is read too', async () => {
    const plain = COLUMNS.map((column) => ({ ...column, encoding: 'PLAIN' as const }))
    expect(table(COLUMNS).length).toBeLessThan(table(plain).length)
    expect(plainRows(await read(table(plain, { rowGroupSize: 300 })))).toEqual(ROWS)
  })
})

test('ids are whole numbers or texts of any type, times become seconds', async () => {
  const moment = new Date('2020-02-03T04:05:06Z')
  const seconds = moment.getTime() / 1000
  const file = table([
    { name: 'user', data: Int32Array.of(7, -7), type: 'INT32' },
    { name: 'item', data: [1, 2], type: 'DOUBLE' },
    { name: 'when', data: [moment, moment], type: 'TIMESTAMP' },
    { name: 'day', data: ['2020-02-03', '2020-02-03T04:05:06Z'], type: 'STRING' },
  ])
  expect(plainRows(await read(file, { time: 'when' }))).toEqual([
    ['7', '1', seconds],
    ['-7', '2', seconds],
  ])
  expect(plainRows(await read(file, { user: 2, item: 1, time: 'day' }))).toEqual([
    ['1', '7', Date.parse('2020-02-03') / 1000],
    ['2', '-7', seconds],
  ])
  expect(plainRows(await read(file))).toEqual([
    ['7', '1'],
    ['-7', '2'],
  ])
})

test('only the columns that are read are fetched, row group by row group', async () => {
  const file = table(
    [...COLUMNS, { name: 'blob', data: ROWS.map((_, k) => `${k}`.repeat(200)), type: 'STRING', encoding: 'PLAIN' }],
    { rowGroupSize: 250, codec: 'UNCOMPRESSED' },
  )
  const whole = inMemory(file)
  const slices: number[] = []
  const counting: RandomAccess = {
    byteLength: whole.byteLength,
    slice(start, end = whole.byteLength) {
      slices.push(end - start)
      return whole.slice(start, end)
    },
  }
  expect(plainRows(await readParquet('t', counting))).toEqual(ROWS)
  // The first slice is the table of contents: at most the last 512 KiB.
  expect(slices.slice(1).reduce((sum, length) => sum + length, 0)).toBeLessThan(file.length / 10)
  expect(slices.length).toBeGreaterThan(4)
})

test('a file on disk is read in place, and its progress told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gradrec-parquet-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'plays')
  writeFileSync(path, table(COLUMNS, { rowGroupSize: 100 }))
  const seen: number[] = []
  expect(plainRows(await readFile(path, { onProgress: ({ bytesRead }) => seen.push(bytesRead) }))).toEqual(ROWS)
  expect(seen.length).toBeGreaterThan(1)
})

async function errorOf(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return String(error)
}

test('what is missing or of a wrong type is named with its row', async () => {
  const users: ColumnSource = { name: 'user', data: ['a', 'b', 'c'], type: 'STRING' }
  const items: ColumnSource = { name: 'item', data: ['x', 'y', 'z'], type: 'STRING' }
  const errors = [
    read(table([users, { ...items, name: 'thing' }])),
    read(table([users, items]), { rating: 'stars' }),
    read(table([users, { name: 'item', data: ['x', null, 'z'], type: 'STRING' }])),
    read(table([users, { name: 'item', data: ['x', '', 'z'], type: 'STRING' }])),
    read(table([users, { name: 'item', data: [1, 2.5, 3], type: 'DOUBLE' }])),
    read(table([users, items, { name: 'rating', data: [1, 2, Number.NaN], type: 'DOUBLE' }])),
    read(table([users, items, { name: 'time', data: ['2020-01-01', 'noon', '2020-01-01'], type: 'STRING' }])),
    read(table([users, { name: 'item', data: [['x'], ['y'], ['z']] }])),
    read(
      table([
        { ...users, data: [] },
        { ...items, data: [] },
      ]),
    ),
  ]
  expect(await Promise.all(errors.map(errorOf))).toMatchInlineSnapshot(`
    [
      "DataFormatError: t.parquet: the schema has no column that looks like the item's; it has "user", "thing": name the item column",
      "DataFormatError: t.parquet: the schema has no column "stars"; it has "user", "item": name the rating column",
      "DataFormatError: t.parquet:2: the item id is missing; expected a whole number or a text",
      "DataFormatError: t.parquet:2: the item id is empty; expected any text",
      "DataFormatError: t.parquet:2: the item id is 2.5; expected a whole number or a text",
      "DataFormatError: t.parquet:3: the rating is NaN; expected a number",
      "DataFormatError: t.parquet:2: the time is "noon"; expected a number or an ISO date such as 2026-01-31T12:00:00Z (a time column that is not needed can be left out: time: false)",
      "DataFormatError: t.parquet:1: the item id is x; expected a whole number or a text",
      "EmptyDataError: t.parquet: there is no interaction in it; expected at least one row of user and item",
    ]
  `)
})

test('other compressions and damage are told apart', async () => {
  const zstd = table(COLUMNS, { codec: 'ZSTD', compressors: { ZSTD: (bytes) => bytes } })
  expect(await errorOf(read(zstd))).toMatchInlineSnapshot(
    `"DataFormatError: t.parquet: the column "user_id" is compressed with ZSTD; expected SNAPPY, GZIP or UNCOMPRESSED: write the table again with compression='snappy'"`,
  )
  const file = table(COLUMNS)
  expect(await errorOf(read(file.slice(0, -9)))).toMatchInlineSnapshot(
    `"DataFormatError: t.parquet: the Parquet file is damaged, cut short, or written in a way that is not known; expected a complete .parquet file: copy or write it again"`,
  )
  const torn = file.slice()
  // All that comes before the table of contents, whose length stands before the last four bytes.
  torn.fill(0xff, 4, file.length - 8 - new DataView(file.buffer).getUint32(file.length - 8, true))
  expect(await errorOf(read(torn))).toMatch(/^DataFormatError: t\.parquet/)
  for (const length of [0, 3, 4, 8, 11]) expect(await errorOf(read(file.slice(0, length)))).toMatch(/^DataFormatError/)
})

test('an error of the file itself comes through', async () => {
  const file: RandomAccess = { byteLength: 1000, slice: () => Promise.reject(new RangeError('the network is gone')) }
  await expect(readParquet('t.parquet', file)).rejects.toThrow(new RangeError('the network is gone'))
})
