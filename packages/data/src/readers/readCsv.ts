import { DataOptionError } from '../errors.ts'
import type { Interactions } from '../interactions.ts'
import { peek, type Chunks } from './chunks.ts'
import { columnsByName, type ColumnNames, type Role } from './columnNames.ts'
import { readTable, type TableColumns } from './readTable.ts'

export interface CsvOptions {
  /** One ASCII character. Default: whichever of comma, semicolon and tab the first line has most of. */
  readonly delimiter?: string
  /** Whether the first row holds names. Default true; without, `columns` gives positions. */
  readonly header?: boolean
  readonly columns?: ColumnNames
}

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
    columns: header
      ? (names, line) => columnsByName({ source, line }, names, columns, 'header')
      : columnsByPosition(columns),
  })
}

function columnsByPosition(wanted: ColumnNames): TableColumns {
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
