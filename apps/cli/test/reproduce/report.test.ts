import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { methodDots } from '@gradrec/report'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { ARTEFACT_NAMES } from '../../src/reproduce/artefactNames.ts'
import { CLAIM_COLUMNS } from '../../src/reproduce/claims.ts'
import { readPaper } from '../../src/reproduce/paper.ts'
import { NOT_A_RESULT } from '../../src/reproduce/quickData.ts'
import { reproductionReport } from '../../src/reproduce/report.ts'
import type { ResultFile } from '../../src/reproduce/resultFile.ts'
import { writeReport } from '../../src/reproduce/writeReport.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const paper = await readPaper(join(import.meta.dirname, '../../../../benchmarks'))

function resultOf(artefact: string, more: Partial<ResultFile> = {}): ResultFile {
  return {
    format: 'gradrec-reproduce-2',
    artefact,
    title: `${artefact}: a title`,
    quick: false,
    madeAt: '2026-01-02T00:00:00.000Z',
    command: `pnpm reproduce ${artefact} --seeds 1,2 --runs … --out …`,
    commit: '0123456789abcdef-dirty',
    seeds: [1, 2],
    machine: { processor: 'CPU', cores: 2, node: 'v20', platform: 'linux x64' },
    engine: 'wasm',
    comparison: 'near',
    notes: [],
    tables: [],
    drawings: [],
    cells: [],
    missing: [],
    figures: {},
    ...more,
  }
}

const DRAWING = methodDots({
  title: 'ML, MF',
  measure: 'Recall@20',
  proposed: 'gradient',
  methods: [
    { method: 'dice', ours: 0.1, paper: 0.11 },
    { method: 'gradient', ours: 0.2, paper: 0.19 },
  ],
})
const cell: ResultFile['cells'][number] = {
  cell: 'adressa-mf-gradient-s1',
  seed: 1,
  recipe: 'recipes/adressa-mf.yaml',
  command: 'gradrec train',
  key: 'key',
  dataset: 'adressa',
  dataHash: 'fedcba9876543210',
  protocol: 'Split & <shipped>.',
  epoch: 7,
  dials: {},
  engine: 'wasm',
  device: 'wasm on CPU',
  commit: '0123456789abcdef',
  trainedAt: '2026-01-01T00:00:00.000Z',
}
const TABLE3 = resultOf('table3', {
  title: 'Table III: overall <performance>',
  comparison: 'all & sundry',
  notes: ['A note with `pnpm bench` & <b>.'],
  tables: [
    {
      caption: 'A "caption"',
      columns: ['method', 'Recall@20', 'settings'],
      rows: [
        ['dice', '0.1000 (0.110, −9 %)', 'epoch 1'],
        ['gradient', '0.2000 (0.190, +5 %)', '<script>alert(1)</script>'],
      ],
    },
  ],
  drawings: ['table3-ml10m-mf.svg', 'table3-ml10m-lgn.svg'],
  cells: [cell],
  missing: [
    { cell: 'a-mf', why: 'no recipe' },
    { cell: 'b-mf', why: 'no recipe' },
  ],
})
const FIG8 = resultOf('fig8', {
  title: 'Fig. 8: dials',
  tables: [
    { caption: 'Numbers', columns: ['α', '0'], rows: [['0', '0.5']] },
    {
      caption: 'What the paper says',
      columns: [...CLAIM_COLUMNS],
      rows: [
        ['ML, MF', 'dials help', '§V', 'yes', '2 against 1'],
        ['ML, MF', 'dials hurt', '§VI', 'no', '2 > 1'],
      ],
    },
  ],
  drawings: ['fig8-x.svg', 'fig8-gone.svg'],
  cells: [cell],
})
const DRAWINGS = new Map([
  ['table3-ml10m-mf.svg', DRAWING],
  ['table3-ml10m-lgn.svg', DRAWING],
  ['fig8-x.svg', DRAWING],
])

function pageOf(...results: readonly ResultFile[]): { readonly page: string; readonly document: Document } {
  const page = reproductionReport({
    results: new Map(results.map((result) => [result.artefact, result])),
    drawings: DRAWINGS,
    paper,
    filesAt: 'kept/',
  })
  return { page, document: parseHTML(page).document as unknown as Document }
}

const all = (root: ParentNode, selector: string): Element[] => [...root.querySelectorAll(selector)]
const texts = (root: ParentNode, selector: string): string[] =>
  all(root, selector).map((element) => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim())

describe('the report of a reproduction', () => {
  const { page, document } = pageOf(FIG8, TABLE3)

  it('needs no other file, and forbids asking for any', () => {
    const withoutNamespace = page.replaceAll('http://www.w3.org/2000/svg', '')
    expect(withoutNamespace).not.toMatch(/https?:|url\(|@import|<script|<link|<iframe|src=/)
    expect(page).toContain("default-src 'none'")
  })

  it('has every id once, and no link or label to one that is not there', () => {
    const ids = all(document, '[id]').map((element) => element.getAttribute('id') ?? '')
    expect(ids.length).toBeGreaterThan(10)
    expect(ids).toEqual([...new Set(ids)])
    const references = ['aria-labelledby', 'aria-describedby'].flatMap((attribute) =>
      all(document, `[${attribute}]`).map((element) => element.getAttribute(attribute) ?? ''),
    )
    const links = all(document, 'a[href^="#"]').map((link) => (link.getAttribute('href') ?? '').slice(1))
    expect(links).toEqual(expect.arrayContaining(['table3', 'fig8', 'differences', 'trainings']))
    for (const reference of [...references, ...links]) expect(ids).toContain(reference)
  })

  it('has one title, and no heading that skips a level', () => {
    const levels = all(document, 'h1, h2, h3, h4').map((heading) => Number(heading.tagName.slice(1)))
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    for (const [n, level] of levels.entries()) expect(level - (levels[n - 1] ?? 0)).toBeLessThanOrEqual(1)
  })

  it('has all text as text', () => {
    expect(texts(document, 'h2')).toContain('Table III: overall <performance>')
    expect(texts(document, 'figcaption')).toContain('A "caption"')
    expect(texts(document, 'td')).toContain('<script>alert(1)</script>')
    expect(texts(document, 'section li')).toContain('A note with pnpm bench & <b>.')
    expect(texts(document, 'dd')).toContain('Adressa: Split & <shipped>.')
    expect(texts(document, 'li code')).toEqual(['pnpm bench'])
  })

  it('draws the claim above everything, once, and says so where its numbers are', () => {
    const drawn = all(document, 'section[aria-labelledby="claim"] svg.gradrec-figure')
    expect(drawn).toHaveLength(2)
    expect(all(document, 'section[aria-labelledby="table3"] svg')).toHaveLength(0)
    expect(all(document, 'section[aria-labelledby="table3"] a[href="#claim"]')).toHaveLength(1)
    expect(texts(document, 'main > section > h2')[0]).toBe('The claim in one picture')
    expect(drawn[0]?.getAttribute('role')).toBe('img')
  })

  it('shows what there is of drawings, and the numbers behind them on demand', () => {
    const section = document.querySelector('section[aria-labelledby="fig8"]')
    expect(section?.querySelectorAll('svg.gradrec-figure')).toHaveLength(1)
    expect(section?.querySelector('details table')).not.toBeNull()
    // A table's numbers are what it is about.
    expect(document.querySelector('section[aria-labelledby="table3"] details table')).toBeNull()
  })

  it('says of each of the paper’s statements whether it holds, and why', () => {
    expect(texts(document, 'section[aria-labelledby="fig8"] .lead')).toEqual([
      'Beside the paper: 1 of 2 statements of the paper hold.',
    ])
    expect(texts(document, '.claims .holds')).toEqual(['✓ Holds: dials help (§V). Here: 2 against 1.'])
    expect(texts(document, '.claims .fails')).toEqual(['✗ Does not hold: dials hurt (§VI). Here: 2 > 1.'])
  })

  it('sets the paper’s numbers back, and the paper’s method out', () => {
    const row = document.querySelector('tr.emphasised')
    expect(row?.querySelector('th')?.textContent).toBe('gradient')
    expect(row?.querySelector('.theirs')?.textContent).toBe(' (0.190, +5\u00a0%)')
    expect(all(document, 'tr.emphasised')).toHaveLength(1)
  })

  it('names every artefact in short in the paper’s order, also what is not made', () => {
    const rows = all(document, '.short tbody tr')
    expect(rows).toHaveLength(ARTEFACT_NAMES.length)
    const made = rows.filter((row) => !(row.textContent ?? '').includes('Not made yet.'))
    expect(made.map((row) => row.querySelector('a')?.getAttribute('href'))).toEqual(['#table3', '#fig8'])
    expect(document.querySelector('.abstract')?.textContent).toContain(`2 of its ${ARTEFACT_NAMES.length} tables`)
  })

  it('says how to make it again, what is missing, and what was trained', () => {
    expect(texts(document, 'section[aria-labelledby="table3"] pre code')).toEqual(['pnpm reproduce table3 --seeds 1,2'])
    expect(texts(document, 'p')).toContain('Not trained: a-mf, b-mf; no recipe.')
    expect(document.querySelector('a[href="kept/table3.json"]')).not.toBeNull()
    expect(texts(document, 'dd')).toContain('2026-01-02, at commit 0123456789ab-dirty')
    // Once, although two results are made of it.
    expect(texts(document, 'section[aria-labelledby="trainings"] tbody tr th')).toEqual(['adressa-mf-gradient-s1'])
  })

  it('has no banner where all is a result', () => {
    expect(page).not.toContain('class="banner"')
  })
})

describe('a report of a quick look', () => {
  const quick = (result: ResultFile): ResultFile => ({ ...result, quick: true, warning: NOT_A_RESULT })

  it('says at its top, in its title and at every heading that it is no result', () => {
    const { document } = pageOf(quick(TABLE3), quick(FIG8))
    expect(document.querySelector('header .banner')?.textContent).toContain('Not a result: --quick')
    expect(document.querySelector('title')?.textContent).toContain('not a result')
    expect(texts(document, 'h2').filter((heading) => heading.endsWith('(not a result)'))).toHaveLength(2)
    expect(document.querySelector('.abstract')?.textContent).toContain('simulated data')
  })

  it('names what is no result among results', () => {
    const { document } = pageOf(TABLE3, quick(FIG8))
    expect(document.querySelector('.banner')?.textContent).toContain('This is so of Fig. 8.')
    expect(texts(document, 'h2').filter((heading) => heading.endsWith('(not a result)'))).toEqual([
      'Fig. 8: dials (not a result)',
    ])
  })
})

describe('a report of nothing', () => {
  it('is a page that names what could be made', () => {
    const { document } = pageOf()
    expect(all(document, '.short .missing')).toHaveLength(ARTEFACT_NAMES.length)
    expect(document.querySelector('#claim')).toBeNull()
    expect(texts(document, 'section[aria-labelledby="trainings"] p')).toEqual(['None yet.'])
  })
})

describe('the report of a folder', () => {
  it('has everything that lies there, with its drawings', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'fig8.json'), JSON.stringify(FIG8))
    await writeFile(join(folder, 'other.json'), '{}')
    await writeFile(join(folder, 'fig8-x.svg'), DRAWING)
    const path = await writeReport(folder, paper)
    expect(path).toBe(join(folder, 'report.html'))
    const { document } = parseHTML(await readFile(path, 'utf8'))
    expect(document.querySelectorAll('svg.gradrec-figure')).toHaveLength(1)
    expect(document.querySelector('a[href="fig8.json"]')).not.toBeNull()
  })
})
