import { escapeMarkup } from './escapeMarkup.ts'
import { htmlTable, type ResultTable } from './resultTable.ts'
import { FONT_FAMILY, surfaceStyle } from './theme.ts'

/** A piece of a section, from top to bottom. */
export type ReportBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'table'; readonly table: ResultTable; readonly caption?: string }
  /** `svg` is put into the page as it is: only from this package's own functions. */
  | { readonly kind: 'figure'; readonly svg: string; readonly caption?: string }
  /** Text as it was written, such as a configuration. */
  | { readonly kind: 'code'; readonly code: string }

export interface ReportSection {
  readonly title: string
  readonly blocks: readonly ReportBlock[]
}

export interface Report {
  readonly title: string
  /** What was run on what: names and values, in a list below the title. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly sections: readonly ReportSection[]
}

const STYLE = `${surfaceStyle(':root')}
body { background: var(--background); font: 16px/1.55 ${FONT_FAMILY}; max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.125rem 1.25rem; margin: 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1rem 0; overflow-x: auto; }
figcaption { color: var(--muted); font-size: 0.875rem; margin-top: 0.375rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.375rem 0.75rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th:first-child { text-align: left; padding-left: 0; }
tbody th { font-weight: 400; }
thead th { color: var(--muted); font-weight: 600; }
pre { overflow-x: auto; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 6px; font-size: 0.875rem; }
svg { display: block; }
@media print { body { max-width: none; padding: 0; } figure, table { break-inside: avoid; } }`

/**
 * One page that needs no other file and asks for none: the page's own policy forbids it. Light or dark as the reader's system is.
 * All text is escaped.
 */
export function htmlReport({ title, facts, sections }: Report): string {
  const list = facts.map(([name, value]) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd>`)
  const parts = sections.map(
    (section) =>
      `<section>\n<h2>${escapeMarkup(section.title)}</h2>\n${section.blocks.map(blockHtml).join('\n')}\n</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeMarkup(title)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<h1>${escapeMarkup(title)}</h1>
${list.length > 0 ? `<dl>\n${list.join('\n')}\n</dl>\n` : ''}${parts.join('\n')}
</body>
</html>
`
}

function blockHtml(block: ReportBlock): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escapeMarkup(block.text)}</p>`
    case 'table':
      return figure(htmlTable(block.table), block.caption)
    case 'figure':
      return figure(block.svg, block.caption)
    case 'code':
      return `<pre><code>${escapeMarkup(block.code)}</code></pre>`
  }
}

function figure(content: string, caption: string | undefined): string {
  const words = caption === undefined ? '' : `\n<figcaption>${escapeMarkup(caption)}</figcaption>`
  return `<figure>\n${content}${words}\n</figure>`
}
