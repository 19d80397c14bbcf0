import { DataFormatError } from '../errors.ts'
import type { Interactions } from '../interactions.ts'
import type { Chunks } from './chunks.ts'
import { DelimitedText } from './delimitedText.ts'
import { InteractionColumns } from './interactionColumns.ts'

/** 0-based positions of the columns that are read; all others are passed over. */
export interface TableColumns {
  readonly user: number
  readonly item: number
  readonly rating?: number | undefined
  readonly time?: number | undefined
}

export interface TableOptions {
  readonly delimiter: string
  readonly quotes: boolean
  /** Given positions, or how to find them in the first row's names, which then holds no data. */
  readonly columns: TableColumns | ((names: readonly string[], line: number) => TableColumns)
}

const decoder = new TextDecoder()

/**
 * Reads a table with one interaction a row: what the CSV and the MovieLens readers share. Every row must have as many fields
 * as the first. Throws `DataFormatError` and `EmptyDataError`.
 */
export async function readTable(source: string, chunks: Chunks, options: TableOptions): Promise<Interactions> {
  const { delimiter, quotes, columns: given } = options
  const columns = new InteractionColumns(source)
  const names: string[] = []
  let inHeader = typeof given === 'function'
  let at: TableColumns = typeof given === 'function' ? { user: -1, item: -1 } : given
  let width = -1
  let blankLines = 0
  let user = 0
  let item = 0
  const text = new DelimitedText(
    { source, delimiter, quotes },
    {
      field(bytes, start, end, column): void {
        if (inHeader) names.push(decoder.decode(bytes.subarray(start, end)))
        else if (column === at.user) user = columns.userOf(bytes, start, end, text.line)
        else if (column === at.item) item = columns.itemOf(bytes, start, end, text.line)
        else if (column === at.rating) columns.rating(columns.ratingOf(bytes, start, end, text.line))
        else if (column === at.time) columns.time(columns.timeOf(bytes, start, end, text.line))
      },
      endRow(fields): void {
        if (inHeader && typeof given === 'function') {
          at = given(names, text.line)
          inHeader = false
        } else {
          checkWidth(fields)
          columns.pair(user, item)
        }
        width = fields
      },
      blankLine(): void {
        blankLines++
      },
    },
  )
  for await (const chunk of chunks) text.push(chunk)
  text.end()
  return columns.finish(blankLines)

  function checkWidth(fields: number): void {
    const needed = Math.max(at.user, at.item, at.rating ?? 0, at.time ?? 0) + 1
    if (fields === width || (width < 0 && fields >= needed)) return
    const expected = width < 0 ? `at least ${needed}` : `${width}, as in the first row`
    const shown = delimiter === '\t' ? 'tab' : `"${delimiter}"`
    throw new DataFormatError(
      { source, line: text.line },
      `the row has ${fields} field${fields === 1 ? '' : 's'}; expected ${expected} (delimiter: ${shown})`,
    )
  }
}
