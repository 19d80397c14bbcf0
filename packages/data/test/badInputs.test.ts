import { gzipSync, unzipSync, zipSync } from 'fflate'
import { csrFromPairs, GradrecError } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { datasetFromInteractionParts, readInteractions, writeNpz, type ReadOptions } from '../src/index.ts'
import { encodeNpy } from '../src/readers/npy.ts'
import { chunksOfText } from './chunksOfText.ts'

/** The code and message that reading ends with; the same whether the file comes whole or byte by byte. */
async function failure(source: string, content: string | Uint8Array, options: ReadOptions = {}): Promise<string> {
  const messages: string[] = []
  for (const size of [Infinity, 1]) {
    try {
      await readInteractions(source, chunksOfText(content, size), options)
      messages.push('no error')
    } catch (error) {
      expect(error).toBeInstanceOf(GradrecError)
      messages.push(`${(error as GradrecError).code} ${(error as GradrecError).message}`)
    }
  }
  expect(messages[1]).toBe(messages[0])
  return messages[0]!
}

/** A good npz with some members replaced, or left out. */
function npzWith(members: Readonly<Record<string, Uint8Array | undefined>>): Uint8Array {
  const good = unzipSync(writeNpz(csrFromPairs([0, 1, 2], [1, 0, 3], 3, 4)))
  const changed = Object.entries({ ...good, ...members }).filter(([, bytes]) => bytes !== undefined)
  return zipSync(Object.fromEntries(changed) as Record<string, Uint8Array>)
}

function int32(values: readonly number[]): Uint8Array {
  return encodeNpy({ type: '<i4', shape: [values.length], bytes: new Uint8Array(Int32Array.from(values).buffer) })
}

test('an empty file', async () => {
  expect(await failure('a.csv', '')).toMatchInlineSnapshot(
    `"E_DATA_EMPTY a.csv: the file is empty; expected interactions"`,
  )
  expect(await failure('a.csv.gz', gzipSync(new Uint8Array(0)))).toMatchInlineSnapshot(
    `"E_DATA_EMPTY a.csv.gz: the file is empty; expected interactions"`,
  )
  expect(await failure('a.csv', 'user,item\n')).toMatchInlineSnapshot(
    `"E_DATA_EMPTY a.csv: there is no interaction in it; expected at least one row of user and item"`,
  )
  expect(await failure('a.txt', '\n\n', { format: 'list' })).toMatchInlineSnapshot(
    `"E_DATA_EMPTY a.txt: there is no interaction in it; expected at least one row of user and item"`,
  )
})

test('a word for a number', async () => {
  expect(await failure('a.csv', 'user,item,rating\n1,2,3\n\n1,3,good\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:4: the rating is "good"; expected a number"`,
  )
  expect(await failure('a.csv', 'user,item,rating\n1,2,\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:2: the rating is empty; expected a number"`,
  )
  expect(await failure('u.data', '1\t2\t3\t4\n1\t2\tNaN\t4\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT u.data:2: the rating is "NaN"; expected a number"`,
  )
  expect(await failure('a.csv', 'user,item,time\n1,2,03/04/2026\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:2: the time is "03/04/2026"; expected a number or an ISO date such as 2026-01-31T12:00:00Z (a time column that is not needed can be left out: time: false)"`,
  )
})

test('a header without the column', async () => {
  expect(await failure('a.csv', 'user,item\n1,2\n', { columns: { rating: 'stars' } })).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:1: the header has no column "stars"; it has "user", "item": name the rating column, or say that there is no header"`,
  )
  expect(await failure('a.csv', '1,2,5.0\n1,3,4.0\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:1: the header has no column that looks like the user's; it has "1", "2", "5.0": name the user column, or say that there is no header"`,
  )
  expect(await failure('a.csv', 'a,b\n1,2\n', { columns: { user: 1, item: 3 } })).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:1: the header has no column 3; it has "a", "b": name the item column, or say that there is no header"`,
  )
})

test('rows and quotes that do not fit', async () => {
  expect(await failure('a.csv', 'user,item\n1,2\n1\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:3: the row has 1 field; expected 2, as in the first row (delimiter: ",")"`,
  )
  expect(await failure('a.csv', 'user,item\n1,2,3\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:2: the row has 3 fields; expected 2, as in the first row (delimiter: ",")"`,
  )
  expect(await failure('u.data', '1\t2\t3\t4\n1 2 3 4\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT u.data:2: the row has 1 field; expected 4, as in the first row (delimiter: tab)"`,
  )
  expect(await failure('u.data', '1\t2\t3\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT u.data:1: the row has 3 fields; expected at least 4 (delimiter: tab)"`,
  )
  expect(await failure('a.csv', 'user,item\n1,"2\n3,4\n5,6\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:2: a quote is opened in this row and never closed; expected a closing " before the file ends"`,
  )
  expect(await failure('a.csv', 'user,item\n1,"2"3\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:2: a closing quote is followed by more text; expected a delimiter, or the quote doubled ("") inside a field"`,
  )
  expect(await failure('a.csv', 'user,item\n1,\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:2: the item id is empty; expected any text"`,
  )
})

test('a quote that swallows the file is given up after a mebibyte', async () => {
  const content = new TextEncoder().encode(`user,item\n1,"${'2,3\n'.repeat(700_000)}`)
  await expect(readInteractions('a.csv', chunksOfText(content, 65_536))).rejects.toThrowErrorMatchingInlineSnapshot(
    `[DataFormatError: a.csv:2: a quote is opened in this row and not closed within 1 MiB; expected a closing "]`,
  )
})

test('text that is not UTF-8, or no text', async () => {
  expect(
    await failure('a.csv', new Uint8Array([...new TextEncoder().encode('user,item\n1,caf'), 0xe9, 0x0a])),
  ).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:2: an id is not UTF-8 text; expected UTF-8: convert the file first (it is often Latin-1)"`,
  )
  expect(await failure('a.csv', new Uint8Array([0xff, 0xfe, 0x75, 0, 0x2c, 0]))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv:1: the file is UTF-16; expected UTF-8: save it as UTF-8 first"`,
  )
  expect(await failure('a.bin', new Uint8Array([1, 0, 2, 0]))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.bin: the format is not clear from the name, and it holds zero bytes, so it is no text; give the format: csv, list, npz, parquet, u.data or ratings.dat"`,
  )
  expect(await failure('notes.txt', 'Dear diary,\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT notes.txt: the format is not clear from the name, and its first line is "Dear diary,"; give the format: csv, list, npz, parquet, u.data or ratings.dat"`,
  )
})

test('a gzip stream cut short or damaged', async () => {
  const zipped = gzipSync(new TextEncoder().encode('user,item\n1,2\n'.repeat(99)))
  expect(await failure('a.csv.gz', zipped.slice(0, -12))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv.gz: the gzip stream is damaged or cut short; expected a complete .gz file: download or copy it again"`,
  )
  const damaged = zipped.slice()
  damaged.fill(0xff, 20, 30)
  expect(await failure('a.csv.gz', damaged)).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.csv.gz: the gzip stream is damaged or cut short; expected a complete .gz file: download or copy it again"`,
  )
})

test('an npz cut short, or without its members', async () => {
  const good = npzWith({})
  expect(await failure('a.npz', good.slice(0, good.length - 30))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz: the ZIP archive is damaged or cut short; expected a complete .npz file: download or copy it again"`,
  )
  expect(await failure('a.npz', good.slice(0, 100))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz: the ZIP archive is damaged or cut short; expected a complete .npz file: download or copy it again"`,
  )
  expect(await failure('a.npz', 'user,item\n')).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz: the ZIP archive is damaged or cut short; expected a complete .npz file: download or copy it again"`,
  )
  expect(await failure('a.npz', npzWith({ 'col.npy': undefined }))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz: there is no member col.npy; expected a sparse matrix in coordinate format: row, col, data, shape and format"`,
  )
})

test('an npz with wrong members', async () => {
  const text = new TextEncoder()
  expect(
    await failure('a.npz', npzWith({ 'row.npy': encodeNpy({ type: '<f4', shape: [3], bytes: new Uint8Array(12) }) })),
  ).toMatchInlineSnapshot(`"E_DATA_FORMAT a.npz/row.npy: the elements are of type <f4; expected <i4 or <i8"`)
  expect(await failure('a.npz', npzWith({ 'row.npy': text.encode('no array at all') }))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz/row.npy: this is no NumPy array; expected it to begin with \\x93NUMPY"`,
  )
  expect(await failure('a.npz', npzWith({ 'row.npy': int32([0, 1, 2]).slice(0, -4) }))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz/row.npy: the array holds 8 bytes; expected 12 for 3 elements of type <i4: the file is cut short or damaged"`,
  )
  expect(await failure('a.npz', npzWith({ 'row.npy': int32([0, 1, 3]) }))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz/row.npy: element 2 is 3; expected 0 … 2, as the shape says"`,
  )
  expect(await failure('a.npz', npzWith({ 'col.npy': int32([0, -1, 3]) }))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz/col.npy: element 1 is -1; expected 0 … 3, as the shape says"`,
  )
  expect(await failure('a.npz', npzWith({ 'col.npy': int32([0, 1]) }))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz: row, col and data have 3, 2 and 3 elements; expected the same number"`,
  )
  expect(await failure('a.npz', npzWith({ 'shape.npy': int32([3]) }))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz/shape.npy: the shape is (3); expected two numbers, users and items, from 1 to 2^32 − 1"`,
  )
  expect(await failure('a.npz', npzWith({ 'shape.npy': int32([3, -4]) }))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz/shape.npy: the shape is (3, -4); expected two numbers, users and items, from 1 to 2^32 − 1"`,
  )
  const csr = encodeNpy({ type: '|S3', shape: [], bytes: text.encode('csr') })
  expect(await failure('a.npz', npzWith({ 'format.npy': csr }))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz: the matrix is stored as "csr"; expected "coo": write it with scipy.sparse.save_npz(path, matrix.tocoo())"`,
  )
  const infinite = encodeNpy({
    type: '<f4',
    shape: [3],
    bytes: new Uint8Array(new Float32Array([1, 1, Infinity]).buffer),
  })
  expect(await failure('a.npz', npzWith({ 'data.npy': infinite }))).toMatchInlineSnapshot(
    `"E_DATA_FORMAT a.npz/data.npy: element 2 is Infinity; expected a number"`,
  )
})

test('parts of different shapes', async () => {
  const read = (source: string, users: number) =>
    readInteractions(source, chunksOfText(writeNpz(csrFromPairs([0], [0], users, 2))))
  const files = { train: await read('train.npz', 3), test: await read('test.npz', 4) }
  await expect(
    datasetFromInteractionParts(files, { name: 'x', protocol: 'x' }),
  ).rejects.toThrowErrorMatchingInlineSnapshot(
    `[DataShapeError: test.npz is 4 users × 2 items, but train.npz is 3 × 2; all parts of a data set must have one shape]`,
  )
})

test('options that contradict each other', async () => {
  expect(await failure('a.csv', '1,2\n', { header: false, columns: { user: 'who' } })).toMatchInlineSnapshot(
    `"E_DATA_OPTION the user column is "who"; expected a position (1 for the first), as there is no header"`,
  )
  expect(await failure('a.csv', '1,2\n', { delimiter: ', ' })).toMatchInlineSnapshot(
    `"E_DATA_OPTION the delimiter is ", "; expected one ASCII character that is no quote and no line break"`,
  )
})
