import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openEngine } from '@gradrec/engines'
import type { ResultFile } from '../../src/reproduce/resultFile.ts'
import { oracleMachine, testContext, type TestContext } from '../testContext.ts'

/** Here the oracle would take minutes. */
export function quickContext(onText: (text: string) => void = () => {}): TestContext {
  return testContext({ machine: { ...oracleMachine, openEngine: () => openEngine('wasm', { threads: 1 }) }, onText })
}

export async function resultIn(folder: string, artefact: string): Promise<ResultFile> {
  return JSON.parse(await readFile(join(folder, `${artefact}.json`), 'utf8')) as ResultFile
}

/** The trainings of a folder, each with how many epochs were trained there. */
export function trainedIn(folder: string): Record<string, number> {
  const runs = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  )
  return Object.fromEntries(
    runs.map((name) => {
      const path = join(folder, name, 'events.jsonl')
      return [name, existsSync(path) ? (readFileSync(path, 'utf8').match(/"type":"epoch"/g) ?? []).length : 0]
    }),
  )
}
