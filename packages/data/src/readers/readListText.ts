import type { Interactions } from '../interactions.ts'
import type { Chunks } from './chunks.ts'
import { DelimitedText } from './delimitedText.ts'
import { InteractionColumns } from './interactionColumns.ts'

/**
 * Reads list text, the format of LightGCN's and MACR's data (METHODS.md §9.3): a line is a user and their items,
 * `user item item …`, separated by blanks. Blanks at either end do not matter; blank lines and users without items are
 * counted and add nothing. Any text without blanks is an id.
 *
 * @param source the file's name, for messages
 * Throws `DataFormatError` and `EmptyDataError`.
 */
export async function readListText(source: string, chunks: Chunks): Promise<Interactions> {
  const columns = new InteractionColumns(source)
  let user = -1
  let items = 0
  let blankLines = 0
  let usersWithoutItems = 0
  const text = new DelimitedText(
    { source, delimiter: 'blank', quotes: false },
    {
      field(bytes, start, end): void {
        if (start === end) return
        if (user < 0) user = columns.userOf(bytes, start, end, text.line)
        else {
          columns.pair(user, columns.itemOf(bytes, start, end, text.line))
          items++
        }
      },
      endRow(): void {
        if (user < 0) blankLines++
        else if (items === 0) usersWithoutItems++
        user = -1
        items = 0
      },
      blankLine(): void {
        blankLines++
      },
    },
  )
  for await (const chunk of chunks) text.push(chunk)
  text.end()
  return columns.finish(blankLines, usersWithoutItems)
}
