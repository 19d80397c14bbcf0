import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomically } from '@gradrec/model-files/node'
import type { Paper } from './paper.ts'
import { reproductionReport } from './report.ts'
import { readResults, type ResultFile } from './resultFile.ts'

/** The report of everything in a folder, beside it. */
export const REPORT_FILE = 'report.html'

/** Writes `report.html` of all results in a folder, also those of other times; returns its path. */
export async function writeReport(folder: string, paper: Paper): Promise<string> {
  const results = await readResults(folder)
  const drawings = await readDrawings(folder, results)
  const path = join(folder, REPORT_FILE)
  await writeFileAtomically(path, Buffer.from(reproductionReport({ results, drawings, paper, filesAt: '' })))
  return path
}

/** The drawings that results in a folder have, by their files' names; one whose file is gone is left out. */
export async function readDrawings(
  folder: string,
  results: ReadonlyMap<string, ResultFile>,
): Promise<ReadonlyMap<string, string>> {
  const names = [...results.values()].flatMap(({ drawings }) => drawings)
  const found = new Map<string, string>()
  for (const name of names) {
    if (existsSync(join(folder, name))) found.set(name, await readFile(join(folder, name), 'utf8'))
  }
  return found
}

/** `benchmarks/reproduction.html`: the results that are kept in `benchmarks/results/reproduction`. A quick look is no result and left out. */
export async function committedReport(benchmarks: string, paper: Paper): Promise<string> {
  const folder = join(benchmarks, 'results', 'reproduction')
  const results = new Map([...(await readResults(folder))].filter(([, { quick }]) => !quick))
  return reproductionReport({
    results,
    drawings: await readDrawings(folder, results),
    paper,
    filesAt: 'results/reproduction/',
  })
}
