import { DataFormatError } from '../errors.ts'
import { peek, type Chunks } from './chunks.ts'
import { givenPosition, knownPosition, type ColumnName } from './columnNames.ts'
import { DelimitedText } from './delimitedText.ts'
import { gunzip, isGzip } from './gunzip.ts'
import { likelyDelimiter } from './readCsv.ts'

/** Where ids stand in a table. */
export interface IdColumn {
  /** Whose ids they are. */
  readonly role: 'user' | 'item'
  /** Default: the column with a usual name, as in files of interactions; or the only one. */
  readonly name?: ColumnName
}

/** How far into the file the first line may reach. */
const FIRST_LINE = 1 << 16

/**
 * Reads ids in the order in which they stand, repeated ones too: one a line, or a column of comma, semicolon or tab separated
 * text with a header. Gzipped or not. Blanks around an id are not part of it; blank lines are passed over.
 *
 * Throws `DataFormatError` where the column is not there, and whatever the stream itself throws.
 *
 * @param source the file's name, for messages
 */
export async function readIds(source: string, chunks: Chunks, column?: IdColumn): Promise<string[]> {
  const opened = await peek(chunks, FIRST_LINE)
  try {
    const plain = isGzip(opened.head) ? await peek(gunzip(source, opened.chunks), FIRST_LINE) : opened
    return column === undefined
      ? await idLines(plain.chunks)
      : await idsOfColumn(source, plain.chunks, likelyDelimiter(plain.head), column)
  } finally {
    await opened.chunks.return?.()
  }
}

async function idLines(chunks: Chunks): Promise<string[]> {
  const decoder = new TextDecoder()
  const lines: string[] = []
  let open = ''
  for await (const chunk of chunks) {
    const parts = (open + decoder.decode(chunk, { stream: true })).split('\n')
    open = parts.pop() ?? ''
    for (const part of parts) lines.push(part.trim())
  }
  lines.push((open + decoder.decode()).trim())
  return lines.filter((line) => line !== '')
}

async function idsOfColumn(source: string, chunks: Chunks, delimiter: string, wanted: IdColumn): Promise<string[]> {
  const decoder = new TextDecoder()
  const names: string[] = []
  const ids: string[] = []
  let position = -1
  const text = new DelimitedText(
    { source, delimiter, quotes: true },
    {
      field(bytes, start, end, column): void {
        if (position < 0) names.push(decoder.decode(bytes.subarray(start, end)))
        else if (column === position && end > start) ids.push(decoder.decode(bytes.subarray(start, end)))
      },
      endRow(fields): void {
        if (position < 0) position = positionOf({ source, line: text.line }, names, wanted)
        else if (fields <= position) {
          throw new DataFormatError(
            { source, line: text.line },
            `the row has ${fields} fields; expected ${names.length}`,
          )
        }
      },
      blankLine(): void {},
    },
  )
  for await (const chunk of chunks) text.push(chunk)
  text.end()
  return ids
}

function positionOf(
  place: { readonly source: string; readonly line: number },
  names: readonly string[],
  { role, name }: IdColumn,
): number {
  if (name === undefined && names.length === 1) return 0
  const position = name === undefined ? knownPosition(names, role) : givenPosition(names, name)
  if (position >= 0) return position
  const lacks = name === undefined ? `column that looks like the ${role}'s` : `column ${JSON.stringify(name)}`
  const has = names.map((each) => JSON.stringify(each)).join(', ')
  throw new DataFormatError(place, `the header has no ${lacks}; it has ${has}: name the ${role} column`)
}
