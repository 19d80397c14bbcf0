import { htmlPage } from './htmlPage.ts'
import { markup, Markup } from './markup.ts'
import { htmlTable, type ResultTable } from './resultTable.ts'

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

/** One page that needs no other file and asks for none. All text is escaped. */
export function htmlReport({ title, facts, sections }: Report): string {
  const list = facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>\n`)
  const parts = sections.map(
    (section) =>
      markup`<section>\n<h2>${section.title}</h2>\n${section.blocks.map((block) => markup`${blockMarkup(block)}\n`)}</section>\n`,
  )
  return htmlPage({
    title,
    body: markup`<h1>${title}</h1>\n${list.length > 0 ? markup`<dl>\n${list}</dl>\n` : undefined}${parts}`,
  })
}

function blockMarkup(block: ReportBlock): Markup {
  switch (block.kind) {
    case 'text':
      return markup`<p>${block.text}</p>`
    case 'table':
      return figure(new Markup(htmlTable(block.table)), block.caption)
    case 'figure':
      return figure(new Markup(block.svg), block.caption)
    case 'code':
      return markup`<pre><code>${block.code}</code></pre>`
  }
}

function figure(content: Markup, caption: string | undefined): Markup {
  const words = caption === undefined ? undefined : markup`<figcaption>${caption}</figcaption>\n`
  return markup`<figure>\n${content}\n${words}</figure>`
}
