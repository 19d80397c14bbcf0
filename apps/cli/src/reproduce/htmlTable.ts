import { markup, type Markup } from '@gradrec/report'
import { numericColumns, type PlainTable } from './plainTable.ts'

/** A column of words that is longer than this many letters somewhere is broken into lines. */
const LONG_TEXT = 28

/**
 * A table for a page, in a box of its own that scrolls where the page is narrower, below a caption that does not. In numbers such as
 * `0.1762 (0.173, +2 %)` what is in brackets, the paper's, stands back.
 *
 * @param id of the caption, unlike any other of the page
 * @param emphasised first cell of rows in bold
 */
export function htmlTable(table: PlainTable, id: string, emphasised?: string): Markup {
  const { caption, columns, rows } = table
  const isNumeric = numericColumns(table)
  const classes = columns.map((_, c) => {
    if (isNumeric[c]) return 'number'
    return rows.some((row) => (row[c] ?? '').length > LONG_TEXT) ? 'words long' : 'words'
  })
  const cell = (text: string, c: number): Markup => {
    const [, ours, theirs] = (isNumeric[c] && /^(.+?)( \(.+\))$/.exec(text)) || []
    const content = ours === undefined ? text : markup`${ours}<span class="theirs">${theirs}</span>`
    return c === 0
      ? markup`<th scope="row" class="${classes[c]}">${content}</th>`
      : markup`<td class="${classes[c]}">${content}</td>`
  }
  const head = columns.map((column, c) => markup`<th scope="col" class="${classes[c]}">${column}</th>`)
  const body = rows.map(
    (row) =>
      markup`<tr${row[0] === emphasised ? markup` class="emphasised"` : undefined}>${columns.map((_, c) => cell(row[c] ?? '', c))}</tr>\n`,
  )
  return markup`<figure class="table">
<figcaption id="${id}">${caption}</figcaption>
<div class="scrolls" role="region" aria-labelledby="${id}" tabindex="0"><table aria-labelledby="${id}">
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
</figure>`
}
