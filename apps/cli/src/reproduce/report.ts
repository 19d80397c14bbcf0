import { htmlPage, markup, type Markup } from '@gradrec/report'
import { ARTEFACTS } from './artefacts.ts'
import { DIFFERENCES } from './differences.ts'
import { htmlTable } from './htmlTable.ts'
import { machineOf, trainingsOf } from './origin.ts'
import type { Paper } from './paper.ts'
import { NOT_A_RESULT } from './quickData.ts'
import { drawingsOf, reportSection, sentence } from './reportSection.ts'
import { REPORT_STYLE } from './reportStyle.ts'
import type { ResultFile } from './resultFile.ts'

/** What the report is made of. */
export interface ReportSource {
  /** By artefact. */
  readonly results: ReadonlyMap<string, ResultFile>
  /** SVGs by their files' names. */
  readonly drawings: ReadonlyMap<string, string>
  readonly paper: Paper
  /** Path from the page to the results' files, with a slash at its end; empty where it lies beside them. */
  readonly filesAt: string
}

const TITLE = 'Popularity bias from a gradient perspective, reproduced'
/** Table III as a picture: it says whether the paper's claim holds. */
const CLAIM = { id: 'claim', title: 'The claim in one picture' } as const
const PICTURED = 'table3'

/** The reproduction as one page that needs no other file: what is claimed, in short, every table and figure, what differs, trainings. */
export function reproductionReport({ results, drawings, paper, filesAt }: ReportSource): string {
  const shown = ARTEFACTS.flatMap(({ name }) => results.get(name) ?? [])
  const pictured = shown.find(({ artefact }) => artefact === PICTURED)
  const picture = pictured === undefined ? undefined : claimPicture(pictured, drawings)
  const trainings = trainingsOf(shown)
  const sections = shown.map((result) =>
    reportSection({
      result,
      drawings,
      filesAt,
      ...(result === pictured && picture !== undefined && { drawingsAt: CLAIM }),
    }),
  )
  const page = htmlPage({
    title: `${TITLE}${shown.some(({ quick }) => quick) ? ' (not a result)' : ''}`,
    style: REPORT_STYLE,
    body: markup`<header>
<h1>${TITLE}</h1>
${bannerOf(shown)}${abstractOf(shown, paper)}
<nav aria-label="Contents"><ul>
${[
  ...(picture === undefined ? [] : [[CLAIM.id, CLAIM.title]]),
  ['short', 'In short'],
  ...shown.map(({ artefact, title }) => [artefact, numberOf(title)]),
  ['differences', 'What differs'],
  ['trainings', 'Trainings'],
].map(([id, text]) => markup`<li><a href="#${id}">${text}</a></li>\n`)}</ul></nav>
</header>
<main>
${picture}${inShort(results)}${sections}<section aria-labelledby="differences">
<h2 id="differences">What differs from the paper, and why</h2>
<ul class="differences">
${DIFFERENCES.map((each) => markup`<li>${each}</li>\n`)}</ul>
</section>
<section aria-labelledby="trainings">
<h2 id="trainings">Trainings</h2>
${trainings.rows.length === 0 ? markup`<p>None yet.</p>` : htmlTable(trainings, 'trainings-table')}
</section>
</main>`,
  })
  // No line ends between a number and its per cent sign.
  return page.replaceAll(/(\d) %/g, '$1\u00a0%')
}

/** What is reproduced, and how much of it on what machine: two sentences. */
function abstractOf(shown: readonly ResultFile[], paper: Paper): Markup {
  const cells = new Map(shown.flatMap((result) => result.cells.map((cell) => [cell.key, cell] as const)))
  const seeds = new Set([...cells.values()].map(({ seed }) => seed))
  const engines = [...new Set([...cells.values()].map(({ engine }) => engine))]
  const data = shown.length > 0 && shown.every(({ quick }) => quick) ? 'tiny simulated data' : 'the public data sets'
  const machines = [...new Set(shown.map(machineOf))]
  const trained =
    cells.size === 0
      ? ''
      : `, from ${cells.size} trainings (${seeds.size === 1 ? 'one seed' : `up to ${seeds.size} seeds each`}) by gradrec’s ${engines.map(engineTitle).join(' and ')}`
  return markup`<p class="abstract">The tables and figures of <cite>${paper.source.replace(/\.$/, '')}</cite>, made again by gradrec on ${data} and held against the
paper’s numbers. ${shown.length} of its ${ARTEFACTS.length} tables and figures are made so far${trained}${machines.length > 0 ? `, on ${machines.join(' and ')}` : ''}.</p>`
}

function engineTitle(name: string): string {
  return name === 'wasm' ? 'WebAssembly engine' : name === 'webgpu' ? 'WebGPU engine' : `engine ${name}`
}

/** Says what is no result. */
function bannerOf(shown: readonly ResultFile[]): Markup | undefined {
  const quick = shown.filter((result) => result.quick)
  if (quick.length === 0) return undefined
  const which =
    quick.length === shown.length ? '' : ` This is so of ${quick.map(({ title }) => numberOf(title)).join(', ')}.`
  return markup`<p class="banner" role="note">${sentence(NOT_A_RESULT)}${which}</p>\n`
}

function claimPicture(result: ResultFile, drawings: ReadonlyMap<string, string>): Markup | undefined {
  const drawn = drawingsOf(
    result,
    drawings,
    markup`Filled dots are measured here, rings are the paper’s. The dotted line is the best other method here, so the claim holds where
the dot of gradient is right of it. Positions compare, not lengths: axes do not begin at 0. The numbers of all metrics are in
<a href="#${PICTURED}">${numberOf(result.title)}</a>.`,
  )
  if (drawn === undefined) return undefined
  return markup`<section aria-labelledby="${CLAIM.id}">
<h2 id="${CLAIM.id}">${CLAIM.title}</h2>
<p>The paper’s main claim: on every data set, with matrix factorisation (MF) and with LightGCN, its method, here called gradient, ranks
better than the five others. Recall@20 on the test parts:</p>
${drawn}</section>
`
}

/** A line for every artefact, made or not. */
function inShort(results: ReadonlyMap<string, ResultFile>): Markup {
  const rows = ARTEFACTS.map(({ name, title }) => {
    const result = results.get(name)
    const [number, subject] = [numberOf(title), title.slice(numberOf(title).length + 2)]
    return result === undefined
      ? markup`<tr class="missing"><th scope="row">${number}</th><td><span class="subject">${sentence(subject)}</span> Not made yet.</td></tr>\n`
      : markup`<tr><th scope="row"><a href="#${name}">${number}</a></th><td><span class="subject">${sentence(subject)}</span> ${sentence(result.comparison)}</td></tr>\n`
  })
  return markup`<section aria-labelledby="short">
<h2 id="short">In short</h2>
<table class="short">
<thead><tr><th scope="col">What</th><th scope="col">Beside the paper</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</section>
`
}

/** `Table III: overall performance` → `Table III`. */
function numberOf(title: string): string {
  return title.split(':')[0] ?? title
}
