import { escapeMarkup } from './escapeMarkup.ts'
import { fixed } from './formatNumber.ts'

/** A number that was measured. */
export interface Estimate {
  readonly value: number
  /** Its confidence interval. */
  readonly interval?: readonly [low: number, high: number]
}

export interface ResultColumn {
  /** As people write it: `Recall@20`. */
  readonly label: string
  /** Which values are good; the best in such a column is marked. Without it none is. */
  readonly better?: 'higher' | 'lower'
  /** Default 4. */
  readonly decimals?: number
}

export interface ResultRow {
  /** Model or setting. */
  readonly label: string
  /** By the columns' labels. One that is missing, or not finite, is shown as `–`. */
  readonly values: Readonly<Record<string, Estimate>>
}

export interface ResultTable {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly ResultRow[]
  /** Stands above the names of the rows. Default none. */
  readonly rowTitle?: string
}

interface Cell {
  readonly value: string
  /** Both ends of the interval, or nothing. */
  readonly bounds: readonly string[]
  readonly best: boolean
}

/** For a terminal: columns two spaces apart, numbers aligned at the point, `*` behind the best of a column. */
export function textTable(table: ResultTable): string {
  const columns = table.columns.map((column) => {
    const cells = cellsOf(column, table.rows)
    const marked = cells.some(({ best }) => best)
    const [valueWidth, lowWidth, highWidth] = [0, 1, 2].map((part) =>
      Math.max(0, ...cells.map(({ value, bounds }) => [value, ...bounds][part]?.length ?? 0)),
    )
    const texts = cells.map(({ value, bounds: [low, high], best }) => {
      const number = value.padStart(valueWidth ?? 0) + (best ? '*' : marked ? ' ' : '')
      if (low !== undefined) return `${number} [${low.padStart(lowWidth ?? 0)}, ${high?.padStart(highWidth ?? 0)}]`
      return lowWidth ? number.padEnd(number.length + ' [, ]'.length + lowWidth + (highWidth ?? 0)) : number
    })
    // Without intervals the label ends where the numbers do.
    return [column.label + (marked && !lowWidth ? ' ' : ''), ...texts]
  })
  const names = [table.rowTitle ?? '', ...table.rows.map(({ label }) => label)]
  return aligned(names.map((name, line) => [name, ...columns.map((column) => column[line] ?? '')]))
    .map((line) => line.join('  ').trimEnd())
    .join('\n')
}

/** For a page in Markdown, readable as it is: the best of a column in bold. */
export function markdownTable(table: ResultTable): string {
  const columns = table.columns.map((column) => [
    escapeMarkdown(column.label),
    ...cellsOf(column, table.rows).map((cell) => (cell.best ? `**${cellText(cell)}**` : cellText(cell))),
  ])
  const names = [table.rowTitle ?? '', ...table.rows.map(({ label }) => label)].map(escapeMarkdown)
  const lines = aligned(
    names.map((name, line) => [name, ...columns.map((column) => column[line] ?? '')]),
    3,
  )
  const rule = (lines[0] ?? []).map((cell, c) => (c === 0 ? '' : ':').padStart(lengthOf(cell), '-'))
  return [lines[0] ?? [], rule, ...lines.slice(1)].map((line) => `| ${line.join(' | ')} |`).join('\n')
}

/** For a page in HTML: the best of a column in bold. */
export function htmlTable(table: ResultTable): string {
  const columns = table.columns.map((column) => cellsOf(column, table.rows))
  const head = [table.rowTitle ?? '', ...table.columns.map(({ label }) => label)]
  const rows = table.rows.map(({ label }, r) => {
    const cells = columns.flatMap((column) => column[r] ?? [])
    const values = cells.map((cell) => `<td>${cell.best ? `<strong>${cellText(cell)}</strong>` : cellText(cell)}</td>`)
    return `<tr><th scope="row">${escapeMarkup(label)}</th>${values.join('')}</tr>`
  })
  return (
    `<table>\n<thead><tr>${head.map((each) => `<th scope="col">${escapeMarkup(each)}</th>`).join('')}</tr></thead>\n` +
    `<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`
  )
}

/** One column's cells, from the first row to the last. */
function cellsOf({ label, better, decimals = 4 }: ResultColumn, rows: readonly ResultRow[]): Cell[] {
  const estimates = rows.map(({ values }) => (Object.hasOwn(values, label) ? values[label] : undefined))
  const numbers = estimates.map((estimate) => estimate?.value ?? Number.NaN).filter(Number.isFinite)
  const best =
    numbers.length < 2 || better === undefined ? undefined : Math[better === 'higher' ? 'max' : 'min'](...numbers)
  return estimates.map((estimate) => {
    const value = fixed(estimate?.value, decimals)
    const bounds = estimate?.interval?.map((bound) => fixed(bound, decimals)) ?? []
    // Values that read the same are equally good.
    return { value, bounds, best: best !== undefined && value === fixed(best, decimals) }
  })
}

function cellText({ value, bounds }: Cell): string {
  return bounds.length > 0 ? `${value} [${bounds.join(', ')}]` : value
}

/** Every column at one width, at least `least`: the first to the left, the others to the right. */
function aligned(lines: readonly (readonly string[])[], least = 0): string[][] {
  const widths: number[] = []
  for (const line of lines)
    for (const [c, cell] of line.entries()) widths[c] = Math.max(widths[c] ?? least, lengthOf(cell))
  return lines.map((line) =>
    line.map((cell, c) => {
      const room = ' '.repeat((widths[c] ?? 0) - lengthOf(cell))
      return c === 0 ? cell + room : room + cell
    }),
  )
}

/** In characters, not in UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\|*_`<]/g, '\\$&').replaceAll('\n', ' ')
}
