import { gzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { csrFromPairs } from '@gradrec/engine'
import { readInteractions, writeNpz, type ReadOptions } from '../../src/index.ts'
import { chunksCutAt, chunksOfText } from '../chunksOfText.ts'
import { plainRows } from '../plainInteractions.ts'

const ROWS = [
  ['196', '242', 3, 881250949],
  ['186', '302', 3.5, 891717742],
  ['196', '302', 0.5, 1],
]
const PAIRS = ROWS.map(([user, item]) => [user, item])

interface Case {
  readonly source: string
  readonly content: string | Uint8Array
  readonly rows: readonly unknown[]
  readonly options?: ReadOptions
}

const FILES: readonly Case[] = (
  [
    ['u.data', '196\t242\t3\t881250949\n186\t302\t3.5\t891717742\n196\t302\t0.5\t1\n', ROWS],
    ['ratings.dat', '196::242::3::881250949\n186::302::3.5::891717742\n196::302::0.5::1', ROWS],
    [
      'ratings.csv',
      '\ufeffuserId,movieId,rating,timestamp\r\n196,242,3.0,881250949\r\n186,302,3.5,891717742\r\n196,302,.5,1\r\n',
      ROWS,
    ],
    [
      'ratings.csv',
      '"note";"Item";"who"\n"a;\n""b""";242;196\n;302;"186"\nc;302;196\n',
      PAIRS,
      { columns: { user: 'who' } },
    ],
    [
      'ratings.inter',
      'user_id:token\titem_id:token\trating:float\ttimestamp:float\n196\t242\t3\t881250949\n186\t302\t3.5\t891717742\n196\t302\t0.5\t1\n',
      ROWS,
    ],
    ['plain.csv', 'x,196,242\nx,186,302\nx,196,302\n', PAIRS, { header: false, columns: { user: 2, item: 3 } }],
    ['train.txt', '196 242 \n186\t302\n196 302  \n\n7\n', PAIRS],
    [
      'part.npz',
      writeNpz(csrFromPairs([0, 2, 0], [1, 2, 2], 3, 4)),
      [
        ['0', '1'],
        ['0', '2'],
        ['2', '2'],
      ],
    ],
  ] as readonly (readonly [string, string | Uint8Array, readonly unknown[], ReadOptions?])[]
).map(([source, content, rows, options = {}]) => ({ source, content, rows, options }))

test.each(FILES)('reads $source, however it is cut and gzipped', async ({ source, content, rows, options }) => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  expect(plainRows(await readInteractions(source, chunksOfText(bytes), options))).toEqual(rows)
  expect(plainRows(await readInteractions(source, chunksOfText(bytes, 1), options))).toEqual(rows)
  const step = bytes.length > 400 ? 17 : 1
  for (let at = 0; at <= bytes.length; at += step) {
    expect(plainRows(await readInteractions(source, chunksCutAt(bytes, at), options))).toEqual(rows)
  }
  const zipped = gzipSync(bytes)
  expect(plainRows(await readInteractions(`${source}.gz`, chunksOfText(zipped), options))).toEqual(rows)
  expect(plainRows(await readInteractions(`${source}.gz`, chunksOfText(zipped, 1), options))).toEqual(rows)
})

test('keeps ids as they are written', async () => {
  const content = 'user,item\n007,a\n7,-5\n 7 ,"  b"\n99999999999999999999,é\n'
  expect(plainRows(await readInteractions('ids.csv', chunksOfText(content, 3)))).toEqual([
    ['007', 'a'],
    ['7', '-5'],
    ['7', '  b'],
    ['99999999999999999999', 'é'],
  ])
})

test('counts blank lines and users without items', async () => {
  const { repairs } = await readInteractions('train.txt', chunksOfText('1 2\n\n3\n   \n4 5\n'))
  expect(repairs.map(({ code, count }) => [code, count])).toEqual([
    ['blank-line', 2],
    ['user-without-items', 1],
  ])
})

test('closes the stream when the file is wrong', async () => {
  let closed = false
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new TextEncoder().encode('1\t2\tx\t3\n')
    } finally {
      closed = true
    }
  }
  await expect(readInteractions('u.data', endless())).rejects.toThrow('u.data:1: the rating is "x"; expected a number')
  expect(closed).toBe(true)
})

test.each(['a.csv', 'a.csv.gz'])('an error of the stream itself comes through: %s', async (source) => {
  const zipped = gzipSync(new TextEncoder().encode('user,item\n1,2\n'.repeat(9999)))
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield source.endsWith('.gz') ? zipped.slice(0, 100) : new TextEncoder().encode('user,item\n1,2\n')
    throw new RangeError('the network is gone')
  }
  await expect(readInteractions(source, failing())).rejects.toThrow(new RangeError('the network is gone'))
})

test('closes the stream when the format is not clear', async () => {
  let closed = false
  async function* diary(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new TextEncoder().encode('Dear diary,\n')
    } finally {
      closed = true
    }
  }
  await expect(readInteractions('notes.txt', diary())).rejects.toThrow('the format is not clear')
  expect(closed).toBe(true)
})
