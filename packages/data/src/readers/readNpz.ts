import { unzipSync } from 'fflate'
import { DataFormatError, EmptyDataError } from '../errors.ts'
import type { Interactions } from '../interactions.ts'
import { rangeIdMap } from '../rangeIdMap.ts'
import { readAll, type Chunks } from './chunks.ts'
import { decodeNpy, npyNumbers, npyText, type NpyArray } from './npy.ts'

const MEMBERS = ['format', 'shape', 'row', 'col', 'data'] as const

type Members = Record<(typeof MEMBERS)[number], NpyArray>

/** A sparse matrix in coordinate format, as SciPy keeps it: entry k is `value[k]` at (`user[k]`, `item[k]`). */
export interface Coordinates {
  readonly users: number
  readonly items: number
  readonly user: Uint32Array
  readonly item: Uint32Array
  readonly values: Float64Array | Int32Array
}

/**
 * Reads a sparse matrix that SciPy's `save_npz` wrote in coordinate format, as DICE's data are (METHODS.md §9.3): a ZIP of
 * `row`, `col`, `data`, `shape` and `format`. Rows are users, columns items, ids are the numbers "0" … The values become
 * ratings, unless all of them are 1. A ZIP keeps its table of contents at its end, so the file is read whole first.
 *
 * Throws `DataFormatError` for anything that is not such a file, `EmptyDataError` for a matrix without entries.
 */
export async function readNpz(source: string, chunks: Chunks): Promise<Interactions> {
  const { users, items, user, item, values } = decodeNpz(source, await readAll(chunks))
  if (user.length === 0) throw new EmptyDataError(`${source}: the matrix has no entries; expected at least one`)
  const rated = values.some((value) => value !== 1)
  return {
    source,
    users: rangeIdMap(users),
    items: rangeIdMap(items),
    user,
    item,
    ...(rated && { rating: Float32Array.from(values) }),
    declared: true,
    repairs: [],
  }
}

/** The same of a file in memory, which may be without entries. Throws `DataFormatError`. */
export function decodeNpz(source: string, file: Uint8Array): Coordinates {
  const members = unzip(source, file)
  const format = npyText(members.format)
  if (format !== 'coo') {
    throw new DataFormatError(
      { source },
      `the matrix is stored as ${JSON.stringify(format ?? members.format.type)}; expected "coo": write it with ` +
        'scipy.sparse.save_npz(path, matrix.tocoo())',
    )
  }
  const shape = npyNumbers(`${source}/shape.npy`, members.shape, ['<i8', '<i4'])
  const [users, items] = shape
  if (users === undefined || items === undefined || shape.length !== 2 || !isCount(users) || !isCount(items)) {
    throw new DataFormatError(
      { source: `${source}/shape.npy` },
      `the shape is (${shape.join(', ')}); expected two numbers, users and items, from 1 to 2^32 − 1`,
    )
  }
  const user = indices(source, 'row', members.row, users)
  const item = indices(source, 'col', members.col, items)
  const values = npyNumbers(`${source}/data.npy`, members.data, ['<f8', '<f4', '<i8', '<i4'])
  if (user.length !== item.length || user.length !== values.length) {
    throw new DataFormatError(
      { source },
      `row, col and data have ${user.length}, ${item.length} and ${values.length} elements; expected the same number`,
    )
  }
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    throw new DataFormatError({ source: `${source}/data.npy` }, `element ${bad} is ${values[bad]}; expected a number`)
  }
  return { users, items, user, item, values }
}

function unzip(source: string, file: Uint8Array): Members {
  let files: Record<string, Uint8Array>
  try {
    files = unzipSync(file, { filter: (member) => MEMBERS.some((name) => member.name === `${name}.npy`) })
  } catch (cause) {
    throw new DataFormatError(
      { source },
      'the ZIP archive is damaged or cut short; expected a complete .npz file: download or copy it again',
      { cause },
    )
  }
  const member = (name: (typeof MEMBERS)[number]): NpyArray => {
    const bytes = files[`${name}.npy`]
    if (bytes !== undefined) return decodeNpy(`${source}/${name}.npy`, bytes)
    throw new DataFormatError(
      { source },
      `there is no member ${name}.npy; expected a sparse matrix in coordinate format: row, col, data, shape and format`,
    )
  }
  return {
    format: member('format'),
    shape: member('shape'),
    row: member('row'),
    col: member('col'),
    data: member('data'),
  }
}

function indices(source: string, name: 'row' | 'col', array: NpyArray, bound: number): Uint32Array {
  const place = `${source}/${name}.npy`
  const numbers = npyNumbers(place, array, ['<i4', '<i8'])
  const bad = numbers.findIndex((index) => !(index >= 0 && index < bound))
  if (bad >= 0) {
    throw new DataFormatError(
      { source: place },
      `element ${bad} is ${numbers[bad]}; expected 0 … ${bound - 1}, as the shape says`,
    )
  }
  return Uint32Array.from(numbers)
}

function isCount(value: number): boolean {
  return value >= 1 && value <= 0xffffffff
}
