import { DataFormatError, DataOptionError } from '../errors.ts'
import type { Interactions } from '../interactions.ts'
import { peek, type Chunks } from './chunks.ts'
import { readTable, type TableColumns } from './readTable.ts'

/** A column: its name in the header, or its position, 1 for the first. */
export type ColumnName = string | number

export interface CsvOptions {
  /** One ASCII character. Default: whichever of comma, semicolon and tab the first line has most of. */
  readonly delimiter?: string
  /** Whether the first row holds names. Default true; without, `columns` gives positions. */
  readonly header?: boolean
  readonly columns?: {
    /** Default: the column called user, userId, user_id, uid, … in any capitalisation. */
    readonly user?: ColumnName
    /** Default: the column called item, itemId, movieId, productId, articleId, … */
    readonly item?: ColumnName
    /** Default: a column called rating, score or stars, if there is one. `false`: none. */
    readonly rating?: ColumnName | false
    /** Default: a column called timestamp, time or date, if there is one. `false`: none. */
    readonly time?: ColumnName | false
  }
}

/** Names that are understood without being told, best first; compared in lower case, letters and digits only. */
const KNOWN = {
  user: ['user', 'userid', 'uid', 'visitorid', 'customerid', 'accountid', 'profileid', 'reviewerid'],
  item: ['item', 'itemid', 'iid', 'movieid', 'productid', 'articleid', 'newsid', 'songid', 'trackid', 'bookid', 'asin'],
  rating: ['rating', 'score', 'stars'],
  time: ['timestamp', 'time', 'datetime', 'date'],
} as const

type Role = keyof typeof KNOWN

/** How far into the file the first line may reach. */
const FIRST_LINE = 1 << 16

/**
 * Reads comma, semicolon or tab separated text with a header (RFC 4180: quoted fields may hold delimiters, line breaks and
 * doubled quotes; CRLF and a byte order mark are fine). RecBole's `.inter` names, such as `user_id:token`, are understood.
 * Blanks around unquoted fields are not part of them; ids are any text.
 *
 * Throws `DataFormatError` (a missing column, a row of another width, a rating that is no number, an unclosed quote),
 * `EmptyDataError`, and `DataOptionError` for options that contradict each other.
 */
export async function readCsv(source: string, chunks: Chunks, options: CsvOptions = {}): Promise<Interactions> {
  const { header = true, columns = {} } = options
  const peeked = await peek(chunks, FIRST_LINE)
  const delimiter = options.delimiter ?? likelyDelimiter(peeked.head)
  if (delimiter.length !== 1 || delimiter.charCodeAt(0) > 127 || /["\r\n]/.test(delimiter)) {
    throw new DataOptionError(
      `the delimiter is ${JSON.stringify(delimiter)}; expected one ASCII character that is no quote and no line break`,
    )
  }
  return readTable(source, peeked.chunks, {
    delimiter,
    quotes: true,
    columns: header ? (names, line) => columnsByName({ source, line }, names, columns) : columnsByPosition(columns),
  })
}

function columnsByName(
  place: { readonly source: string; readonly line: number },
  names: readonly string[],
  wanted: NonNullable<CsvOptions['columns']>,
): TableColumns {
  const find = (role: Role): number | undefined => {
    const name = wanted[role]
    if (name === false) return undefined
    const position = name === undefined ? knownPosition(names, role) : givenPosition(names, name)
    if (position >= 0 || (name === undefined && (role === 'rating' || role === 'time'))) {
      return position < 0 ? undefined : position
    }
    throw new DataFormatError(
      place,
      `the header has no ${name === undefined ? `column that looks like the ${role}'s` : `column ${JSON.stringify(name)}`}; ` +
        `it has ${names.map((each) => JSON.stringify(each)).join(', ')}: name the ${role} column, or say that there is no header`,
    )
  }
  return { user: find('user') ?? -1, item: find('item') ?? -1, rating: find('rating'), time: find('time') }
}

function columnsByPosition(wanted: NonNullable<CsvOptions['columns']>): TableColumns {
  const position = (role: Role, fallback?: number): number | undefined => {
    const name = wanted[role] ?? fallback
    if (name === false || name === undefined) return undefined
    if (typeof name === 'number' && Number.isInteger(name) && name >= 1) return name - 1
    throw new DataOptionError(
      `the ${role} column is ${JSON.stringify(name)}; expected a position (1 for the first), as there is no header`,
    )
  }
  return {
    user: position('user', 1) ?? 0,
    item: position('item', 2) ?? 1,
    rating: position('rating'),
    time: position('time'),
  }
}

function givenPosition(names: readonly string[], name: ColumnName): number {
  if (typeof name === 'number') return Number.isInteger(name) && name >= 1 && name <= names.length ? name - 1 : -1
  const exact = names.indexOf(name)
  return exact >= 0 ? exact : names.findIndex((each) => withoutType(each) === name)
}

/** The position of a column with a usual name for the role, or −1. */
export function knownPosition(names: readonly string[], role: Role): number {
  const plain = names.map((name) =>
    withoutType(name)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, ''),
  )
  for (const known of KNOWN[role]) {
    const position = plain.indexOf(known)
    if (position >= 0) return position
  }
  return -1
}

/** A RecBole name without its type: `user_id:token` is user_id. */
function withoutType(name: string): string {
  return name.replace(/:(token|float)(_seq)?$/, '')
}

/** Whichever of comma, semicolon and tab stands most often in the first line, outside quotes; comma if none does. */
export function likelyDelimiter(head: Uint8Array): string {
  const counts = new Map([
    [',', 0],
    [';', 0],
    ['\t', 0],
  ])
  let quoted = false
  let begun = false
  for (const byte of head) {
    const character = String.fromCharCode(byte)
    // Blank lines may stand before the first one.
    if (character !== '\r' && character !== '\n') begun = true
    if (character === '"') quoted = !quoted
    else if (character === '\n' && !quoted && begun) break
    else if (!quoted && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}
