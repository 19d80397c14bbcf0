import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reproductionPage } from '../../src/reproduce/page.ts'
import { readPaper } from '../../src/reproduce/paper.ts'
import { committedReport } from '../../src/reproduce/writeReport.ts'
import { readResults, type ResultFile } from '../../src/reproduce/resultFile.ts'

const BENCHMARKS = join(import.meta.dirname, '../../../../benchmarks')
const [paper, committed] = [await readPaper(BENCHMARKS), await readResults(join(BENCHMARKS, 'results', 'reproduction'))]

describe('benchmarks/REPRODUCTION.md', () => {
  it('is what pnpm reproduce page makes of the results that are committed', async () => {
    expect(await readFile(join(BENCHMARKS, 'REPRODUCTION.md'), 'utf8')).toBe(reproductionPage(committed, paper))
  })

  it('has a report that is made of the same', async () => {
    const report = await readFile(join(BENCHMARKS, 'reproduction.html'), 'utf8')
    // Not toBe: a page of this length is not worth a diff.
    expect(report === (await committedReport(BENCHMARKS, paper)), 'run pnpm reproduce page').toBe(true)
  })

  it('shows no drawing that is not there', async () => {
    for (const { drawings } of committed.values()) {
      for (const name of drawings) await readFile(join(BENCHMARKS, 'results', 'reproduction', name))
    }
  })
})

describe('the page', () => {
  const result: ResultFile = {
    format: 'gradrec-reproduce-2',
    artefact: 'table2',
    title: 'Table II: a title',
    quick: false,
    madeAt: '2026-01-01T00:00:00.000Z',
    command: 'pnpm reproduce table2',
    commit: '0123456789abcdef',
    seeds: [1],
    machine: { processor: 'CPU', cores: 2, node: 'v20', platform: 'linux x64' },
    engine: 'wasm',
    comparison: 'all the same',
    notes: ['A note.'],
    tables: [{ caption: 'A caption', columns: ['a'], rows: [['1']] }],
    drawings: ['table2-x.svg'],
    cells: [],
    missing: [
      { cell: 'a-mf', why: 'no recipe' },
      { cell: 'b-mf', why: 'no recipe' },
    ],
    figures: {},
  }

  it('has every result with its table, drawing, notes and what is missing', () => {
    const page = reproductionPage(new Map([['table2', result]]), paper)
    for (const text of [
      '## Table II: a title',
      '| table2 | all the same     |',
      'A caption:\n\n| a   |\n| --- |\n| 1   |',
      '![table2-x.svg](results/reproduction/table2-x.svg)',
      '- A note.',
      'Not trained: a-mf, b-mf; no recipe.',
      'Made by `pnpm reproduce table2` at 0123456789ab, on 2 cores of CPU.',
    ]) {
      expect(page).toContain(text)
    }
    expect(page).toContain('Not made yet: table1, table3')
  })

  it('leaves out what is no result', () => {
    const page = reproductionPage(new Map([['table2', { ...result, quick: true }]]), paper)
    expect(page).not.toContain('Table II: a title')
    expect(page).toContain('Not made yet: table1, table2')
  })
})
