import { DataFormatError } from '../errors.ts'
import { knownPosition } from './columnNames.ts'
import { likelyDelimiter } from './readCsv.ts'

/**
 * What a file can be: `csv` (comma, semicolon or tab separated, with a header), `list` (`user item item …` a line), `npz`
 * (SciPy's sparse matrix), `parquet`, `u.data` and `ratings.dat` (MovieLens, tab and `::` separated). Any of them may be
 * gzipped.
 */
export type Format = 'csv' | 'list' | 'npz' | 'parquet' | 'u.data' | 'ratings.dat'

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  inter: 'csv',
  npz: 'npz',
  parquet: 'parquet',
}

/**
 * Tells the format from the file's name (`u.data`, `ratings.dat`, `.csv`, `.tsv`, `.inter`, `.npz`, `.parquet`; before any `.gz`) or else from its first bytes.
 * Throws `DataFormatError` when neither tells.
 */
export function detectFormat(source: string, head: Uint8Array): Format {
  // "PK", the mark of a ZIP archive, goes before the name: a .csv that is a ZIP is better refused as a ZIP.
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03) return 'npz'
  if (isParquet(head)) return 'parquet'
  const name = source
    .replace(/\.gz$/i, '')
    .replace(/^.*[/\\]/, '')
    .toLowerCase()
  if (name === 'u.data' || name === 'ratings.dat') return name
  const extension = /\.(\w+)$/.exec(name)?.[1] ?? ''
  const named = BY_EXTENSION[extension]
  if (named !== undefined) return named
  if (head.includes(0)) throw unknown(source, 'it holds zero bytes, so it is no text')
  const line = firstLine(head)
  if (/^[^\s:]+::[^\s:]+::/.test(line)) return 'ratings.dat'
  const delimiter = likelyDelimiter(head)
  const names = line.split(delimiter).map((each) => each.trim().replaceAll('"', ''))
  if (names.length > 1 && knownPosition(names, 'user') >= 0 && knownPosition(names, 'item') >= 0) return 'csv'
  if (/^\S+\t\S+\t-?[\d.]+(\t-?\d+)?\s*$/.test(line)) return 'u.data'
  if (/^\s*\d+([ \t]+\d+)*\s*$/.test(line)) return 'list'
  throw unknown(source, `its first line is ${JSON.stringify(line.slice(0, 60))}`)
}

/** Whether these bytes begin a Parquet file. */
export function isParquet(head: Uint8Array): boolean {
  return [0x50, 0x41, 0x52, 0x31].every((byte, at) => head[at] === byte)
}

function firstLine(head: Uint8Array): string {
  const text = new TextDecoder().decode(head)
  return (
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.replace(/\r$/, '') ?? ''
  )
}

function unknown(source: string, seen: string): DataFormatError {
  return new DataFormatError(
    { source },
    `the format is not clear from the name, and ${seen}; give the format: csv, list, npz, parquet, u.data or ratings.dat`,
  )
}
