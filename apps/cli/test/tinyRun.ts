import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { run } from '../src/index.ts'
import { temporaryFolder } from './temporaryFolder.ts'
import { testContext, TINY } from './testContext.ts'

/** What one command line came to. */
export interface Told {
  readonly exitCode: number
  readonly out: string
  readonly err: string
}

/** Runs the command with words that may hold blanks. */
export async function gradrec(...argv: readonly string[]): Promise<Told> {
  const context = testContext()
  const exitCode = await run(argv, context)
  return { exitCode, out: context.out(), err: context.err() }
}

const folders: Promise<string>[] = []
const trained = new Map<string, Promise<string>>()

/** A folder of its own with a trained run in it, which is trained once for all tests of a file. */
export async function tinyRun(...flags: readonly string[]): Promise<string> {
  const key = flags.join(' ')
  const original = trained.get(key) ?? trainTiny(flags)
  trained.set(key, original)
  const copy = join(await temporaryFolder(), 'run')
  await cp(await original, copy, { recursive: true })
  return copy
}

async function trainTiny(flags: readonly string[]): Promise<string> {
  const folder = mkdtemp(join(tmpdir(), 'gradrec-test-'))
  folders.push(folder)
  const runs = await folder
  const { exitCode, err } = await gradrec('train', ...TINY, ...flags, '--runs', runs, '--name', 'run', '--quiet')
  if (exitCode !== 0) throw new Error(`training for the tests failed: ${err}`)
  return join(runs, 'run')
}

afterAll(async () => {
  for (const folder of folders) await rm(await folder, { recursive: true, force: true })
})
