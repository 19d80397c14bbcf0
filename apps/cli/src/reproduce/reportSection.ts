import { inlinedSvg, markup, type Markup } from '@gradrec/report'
import { claimCount, claimList, isClaimTable } from './claimList.ts'
import { htmlTable } from './htmlTable.ts'
import { devicesOf, groupTitles, machineOf, protocolsOf, shortCommit } from './origin.ts'
import type { ResultFile } from './resultFile.ts'

/** The paper's own method, by its name here. */
const PROPOSED = 'gradient'
/** Pixels: drawings up to this width stand beside each other. */
const NARROW = 440
/** How far a drawing may shrink before its box scrolls instead. */
const LEAST_SCALE = 0.8

/** What a section of the report is made of. */
export interface SectionParts {
  readonly result: ResultFile
  /** SVGs by their files' names. */
  readonly drawings: ReadonlyMap<string, string>
  /** Where the drawings are, if not in this section. */
  readonly drawingsAt?: { readonly id: string; readonly title: string }
  /** Path from the page to the result's file, with a slash at its end; may be empty. */
  readonly filesAt: string
}

/** A table or figure of the paper: beside the paper's, drawings, what the paper says, tables, notes, and how it was made. */
export function reportSection({ result, drawings, drawingsAt, filesAt }: SectionParts): Markup {
  const { artefact, title, quick, comparison, tables, notes } = result
  const claims = tables.filter(isClaimTable)
  const numbers = tables.filter((table) => !isClaimTable(table))
  const shown = numbers.map((table, n) => htmlTable(table, `${artefact}-table-${n + 1}`, PROPOSED))
  // The numbers of a figure are in its drawing already.
  const isFigure = artefact.startsWith('fig') && result.drawings.length > 0
  return markup`<section aria-labelledby="${artefact}">
<h2 id="${artefact}">${title}${quick ? ' (not a result)' : ''}</h2>
<p class="lead"><strong>Beside the paper:</strong> ${claims.length > 0 ? claimCount(claims) : comparison}.</p>
${
  drawingsAt === undefined || result.drawings.length === 0
    ? drawingsOf(result, drawings)
    : markup`<p>Its Recall@20 is drawn in <a href="#${drawingsAt.id}">${drawingsAt.title}</a>.</p>\n`
}${claims.map(claimList)}${
    isFigure && shown.length > 0
      ? markup`<details>\n<summary>The numbers that are drawn</summary>\n${shown}\n</details>\n`
      : shown.map((table) => markup`${table}\n`)
  }${notesOf(notes)}${missingOf(result)}${originOf(result, filesAt)}
</section>
`
}

/** The drawings of a result that are there, each readable on a phone: what would become too small scrolls in a box of its own. */
export function drawingsOf(
  { title, drawings: names }: Pick<ResultFile, 'title' | 'drawings'>,
  drawings: ReadonlyMap<string, string>,
  caption?: Markup,
): Markup | undefined {
  const found = names.flatMap((name) => {
    const svg = drawings.get(name)
    return svg === undefined ? [] : [{ name, svg, width: widthOf(svg) }]
  })
  if (found.length === 0) return undefined
  const isWide = found.some(({ width }) => width > NARROW)
  return markup`<figure class="drawings${isWide ? ' wide' : ''}"${caption === undefined ? markup` aria-label="${title}"` : undefined}>
${found.map(
  ({ name, svg, width }) =>
    markup`<div class="drawing" style="--least: ${Math.round(LEAST_SCALE * width)}px"${isWide ? scrollable(name) : undefined}>${inlinedSvg(svg, idOf(name))}</div>\n`,
)}${caption === undefined ? undefined : markup`<figcaption>${caption}</figcaption>\n`}</figure>
`
}

function widthOf(svg: string): number {
  return Number(/^<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1] ?? 0)
}

/** `fig8-ml10m-mf.svg` → `drawing-fig8-ml10m-mf`. */
function idOf(name: string): string {
  return `drawing-${name.replace(/\.svg$/, '').replaceAll(/[^\w-]/g, '-')}`
}

function scrollable(name: string): Markup {
  return markup` role="region" aria-label="drawing ${name}" tabindex="0"`
}

function notesOf(notes: readonly string[]): Markup | undefined {
  if (notes.length === 0) return undefined
  return markup`<h3>Notes</h3>\n<ul>\n${notes.map((note) => markup`<li>${withCode(note)}</li>\n`)}</ul>\n`
}

/** Cells that were not trained, together by why. */
function missingOf({ missing }: ResultFile): Markup[] {
  const reasons = [...new Set(missing.map(({ why }) => why))]
  return reasons.map((reason) => {
    const cells = missing.filter(({ why }) => why === reason).map(({ cell }) => cell)
    return markup`<p><strong>Not trained:</strong> ${cells.join(', ')}; ${reason}.</p>\n`
  })
}

/** What to type to make it again, and what it was made with. */
function originOf(result: ResultFile, filesAt: string): Markup {
  const { artefact, command, seeds, cells, commit, madeAt, kept = [] } = result
  const file = `${artefact}.json`
  const isTrained = cells.length > 0
  const facts: readonly (readonly [name: string, values: readonly (string | Markup)[]])[] = [
    ['Protocol', isTrained ? protocolsOf(result) : []],
    [seeds.length > 1 ? 'Seeds' : 'Seed', isTrained ? [seeds.join(', ')] : []],
    ['Trained by', isTrained ? devicesOf(result) : []],
    ['Machine', [machineOf(result)]],
    [
      'Made',
      [
        markup`${madeAt.slice(0, 10)}, at commit ${shortCommit(commit)}${kept.length > 0 ? markup`, by <code>${withoutFolders(command)}</code>` : undefined}`,
      ],
    ],
    [
      'Kept from before',
      kept.map(
        (each) =>
          markup`${groupTitles(each)}: ${each.madeAt.slice(0, 10)}, at commit ${shortCommit(each.commit)}, ${each.seeds.length > 1 ? 'seeds' : 'seed'} ${each.seeds.join(', ')}, on ${machineOf(each)}, by <code>${withoutFolders(each.command)}</code>`,
      ),
    ],
    ['All digits', [markup`<a href="${filesAt}${file}">${file}</a>`]],
  ]
  return markup`<h3>Make it again</h3>
<pre><code>${kept.length > 0 ? `pnpm reproduce ${artefact}` : withoutFolders(command)}</code></pre>
<details>
<summary>How this one was made</summary>
<dl>
${facts.map(([name, values]) => (values.length === 0 ? undefined : markup`<dt>${name}</dt>${values.map((value) => markup`<dd>${value}</dd>`)}\n`))}</dl>
</details>`
}

/** The folders of whoever typed it are left out: the defaults do. */
function withoutFolders(command: string): string {
  return command.replaceAll(/ --(data-root|out|runs|benchmarks) …/g, '')
}

/** A note's `code`, which Markdown shows as such, as code. */
export function withCode(text: string): Markup {
  return markup`${text.split('`').map((part, n) => (n % 2 === 1 ? markup`<code>${part}</code>` : part))}`
}

/** With a large letter at its beginning and a full stop at its end. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
