/** A table as text, cell by cell: what a terminal, a Markdown file and the page show alike. */
export interface PlainTable {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Which columns have nothing but numbers, and what stands for one that is missing; the first never does, it has names. */
export function numericColumns({ columns, rows }: Omit<PlainTable, 'caption'>): boolean[] {
  return columns.map((_, c) => c > 0 && rows.every((row) => /^([–~+−[\d]|$)/.test(row[c] ?? '')))
}

/** For a terminal: columns two spaces apart, numbers to the right and words to the left. */
export function terminalTable({ caption, columns, rows }: PlainTable): string {
  const isNumeric = numericColumns({ columns, rows })
  const lines = [columns, ...rows]
  const widths = columns.map((_, c) => Math.max(...lines.map((line) => lengthOf(line[c] ?? ''))))
  const aligned = lines.map((line) =>
    line
      .map((cell, c) => {
        const room = ' '.repeat(Math.max(0, (widths[c] ?? 0) - lengthOf(cell)))
        return isNumeric[c] ? room + cell : cell + room
      })
      .join('  ')
      .trimEnd(),
  )
  return [caption, '', ...aligned].join('\n')
}

/** For a page in Markdown, its columns at one width, so that it is readable as it is. */
export function markdownOf({ columns, rows }: PlainTable): string {
  const escaped = [columns, ...rows].map((row) => row.map((cell) => cell.replaceAll(/[\\|*_`<]/g, '\\$&')))
  const widths = columns.map((_, c) => Math.max(3, ...escaped.map((row) => lengthOf(row[c] ?? ''))))
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, c) => (cells[c] ?? '') + ' '.repeat(width - lengthOf(cells[c] ?? ''))).join(' | ')} |`
  const [head = [], ...body] = escaped
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n')
}

/** In characters, not in UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length
}
