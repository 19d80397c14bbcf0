import { gunzipSync } from 'fflate'
import { parquetScan, parquetSchema, type FileMetaData, type ParquetParsers, type ParquetScan } from 'hyparquet'
import { DataFormatError, EmptyDataError } from '../errors.ts'
import type { Interactions } from '../interactions.ts'
import { columnsByName, type ColumnNames, type Role } from './columnNames.ts'
import { InteractionColumns } from './interactionColumns.ts'

/** A file that can be read from anywhere, such as a file on disk or a `Blob`. */
export interface RandomAccess {
  readonly byteLength: number
  /** The bytes from `start` to before `end`, which is the file's end by default. */
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>
}

export interface ParquetOptions {
  readonly columns?: ColumnNames
}

/** What page data can be compressed with here. Zstandard, Brotli and LZ4 would each take a decoder of their own. */
const CODECS: ReadonlySet<string> = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP'])

/**
 * Texts stay bytes until they are looked up, so that ids make no strings and ill-formed UTF-8 is seen; moments become seconds
 * since 1970, as everywhere here.
 */
const PARSERS: Partial<ParquetParsers> = {
  stringFromBytes: (bytes) => bytes,
  timestampFromMilliseconds: (time) => Number(time) / 1e3,
  timestampFromMicroseconds: (time) => Number(time) / 1e6,
  timestampFromNanoseconds: (time) => Number(time) / 1e9,
  dateFromDays: (days) => days * 86_400,
}

/** Bytes in memory as a file. */
export function inMemory(bytes: Uint8Array<ArrayBuffer>): RandomAccess {
  return {
    byteLength: bytes.byteLength,
    slice: (start, end = bytes.byteLength) =>
      bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + Math.min(end, bytes.byteLength)),
  }
}

/**
 * Reads a Parquet table with one interaction a row. Columns are found by the names that `readCsv` knows, or by those given;
 * only they are read, one row group after the other. Ids are whole numbers or texts; times are timestamps, dates, numbers
 * or ISO texts. Pages are plain, Snappy or GZIP.
 *
 * @param source the file's name, for messages
 * Throws `DataFormatError` (a missing column, a missing or ill-typed value with its row, another compression, a damaged file)
 * and `EmptyDataError`, and whatever the file itself throws.
 */
export async function readParquet(
  source: string,
  file: RandomAccess,
  options: ParquetOptions = {},
): Promise<Interactions> {
  let unreadable: { readonly error: unknown } | undefined
  const watched = {
    byteLength: file.byteLength,
    async slice(start: number, end?: number): Promise<ArrayBuffer> {
      try {
        return await file.slice(start, end)
      } catch (error) {
        unreadable = { error }
        throw error
      }
    },
  }
  try {
    const scan = await parquetScan({
      file: watched,
      parsers: PARSERS,
      geoparquet: false,
      compressors: { GZIP: (input, outputLength) => gunzipSync(input, { out: new Uint8Array(outputLength) }) },
    })
    return await readRows(source, scan, namesOf(source, scan.metadata, options.columns ?? {}))
  } catch (cause) {
    if (unreadable !== undefined) throw unreadable.error
    if (cause instanceof DataFormatError || cause instanceof EmptyDataError) throw cause
    throw new DataFormatError(
      { source },
      'the Parquet file is damaged, cut short, or written in a way that is not known; expected a complete .parquet file: copy ' +
        'or write it again',
      { cause },
    )
  }
}

/** The names of the columns that are read. */
type Names = { readonly [Name in Role]: string | undefined }

function namesOf(source: string, metadata: FileMetaData, wanted: ColumnNames): Names {
  const { children } = parquetSchema(metadata)
  const names = children.map((child) => child.element.name)
  const at = columnsByName({ source }, names, wanted, 'schema')
  const name = (role: Role): string | undefined => {
    const position = at[role]
    if (position === undefined) return undefined
    if ((children[position]?.children.length ?? 0) > 0) {
      throw new DataFormatError(
        { source },
        `the ${role} column ${JSON.stringify(names[position])} holds lists or records; expected one value a row`,
      )
    }
    return names[position]
  }
  const chosen = { user: name('user'), item: name('item'), rating: name('rating'), time: name('time') }
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data: column } of columns) {
      if (column === undefined || CODECS.has(column.codec)) continue
      if (!Object.values(chosen).includes(column.path_in_schema[0])) continue
      throw new DataFormatError(
        { source },
        `the column ${JSON.stringify(column.path_in_schema[0])} is compressed with ${column.codec}; expected SNAPPY, GZIP ` +
          "or UNCOMPRESSED: write the table again with compression='snappy'",
      )
    }
  }
  return chosen
}

async function readRows(source: string, { ranges, readColumn }: ParquetScan, names: Names): Promise<Interactions> {
  const columns = new InteractionColumns(source)
  const idBytes = new Uint8Array(1024)
  const encoder = new TextEncoder()
  const fail = (row: number, what: string, value: unknown, expected: string): never => {
    const shown = value === null || value === undefined ? 'missing' : String(value).slice(0, 40)
    throw new DataFormatError({ source, line: row }, `the ${what} is ${shown}; expected ${expected}`)
  }
  const idOf = (role: 'user' | 'item', value: unknown, row: number): number => {
    const add = (bytes: Uint8Array, end: number): number =>
      role === 'user' ? columns.userOf(bytes, 0, end, row) : columns.itemOf(bytes, 0, end, row)
    if (value instanceof Uint8Array) return add(value, value.length)
    const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
    // Only UUIDs are still texts here.
    if (!isWhole && typeof value !== 'string') return fail(row, `${role} id`, value, 'a whole number or a text')
    return add(idBytes, encoder.encodeInto(String(value), idBytes).written)
  }
  const numberOf = (what: 'rating' | 'time', value: unknown, row: number, expected: string): number => {
    if (value instanceof Uint8Array) {
      return what === 'rating'
        ? columns.ratingOf(value, 0, value.length, row)
        : columns.timeOf(value, 0, value.length, row)
    }
    const number = typeof value === 'bigint' ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) ? number : fail(row, what, value, expected)
  }
  for (const { rowStart, rowEnd } of ranges) {
    const values = async (column: string | undefined) =>
      column === undefined ? undefined : readColumn({ column, rowStart, rowEnd })
    const [users, items, ratings, times] = [
      await values(names.user),
      await values(names.item),
      await values(names.rating),
      await values(names.time),
    ]
    for (let k = 0; k < rowEnd - rowStart; k++) {
      const row = rowStart + k + 1
      columns.pair(idOf('user', users?.[k], row), idOf('item', items?.[k], row))
      if (ratings !== undefined) columns.rating(numberOf('rating', ratings[k], row, 'a number'))
      if (times !== undefined) columns.time(numberOf('time', times[k], row, 'a number, a timestamp or an ISO date'))
    }
  }
  return columns.finish(0)
}
