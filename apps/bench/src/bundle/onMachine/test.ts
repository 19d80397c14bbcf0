import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { bundleFolders } from './programs.ts'
import { EVENTS, type TestEvent, type TestOutcome } from './testOutcome.ts'

// lib/code/test.mjs of the bundle: runs the test files beside it one after another, prints counts and failures, and writes
// results/tests.json. Exit code 1 when anything failed.

const HELP = `./test [part of a file's name …] [--adapter <part of a name> | --any-adapter]

Runs the kernels' tests against the float64 oracle on the GPU, or those files whose names contain one of the texts.
`

/** A test's own timeout cannot end one whose process hangs in the driver; this is longer than that. */
const ANSWER_TIMEOUT_MS = 330_000
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const

const code = dirname(fileURLToPath(import.meta.url))
const { results, root } = bundleFolders(join(code, '..', '..'))
const RESULT = join(results, 'tests.json')
const wanted = process.argv.slice(2)

if (wanted.includes('--help') || wanted.includes('-h')) process.stdout.write(HELP)
else process.exitCode = await runAll()

async function runAll(): Promise<number> {
  const files = readdirSync(join(code, 'tests'))
    .filter((name) => name.endsWith('.mjs'))
    .filter((name) => wanted.length === 0 || wanted.some((text) => name.toLowerCase().includes(text.toLowerCase())))
    .toSorted()
  if (files.length === 0) {
    process.stderr.write(`error: no test file's name contains ${wanted.join(' or ')}\n`)
    return 1
  }
  const outcomes: TestOutcome[] = []
  for (const name of files) {
    const outcome = await runFile(join(code, 'tests', name))
    process.stdout.write(lineOf(outcome))
    for (const { name: test, message } of outcome.failures) process.stdout.write(`  ✗ ${test}\n${indented(message)}\n`)
    outcomes.push(outcome)
    // After every file: a machine that is only lent may be taken away before the last.
    if (!isWritten(outcomes, files.length)) return 1
  }
  const { passed, failed, seconds } = totalsOf(outcomes)
  process.stdout.write(`\n${passed} passed, ${failed} failed in ${files.length} files, ${seconds.toFixed(0)} s\n`)
  process.stdout.write(`written to ${RESULT}\n`)
  return failed === 0 ? 0 : 1
}

function totalsOf(outcomes: readonly TestOutcome[]): Record<'passed' | 'failed' | 'seconds', number> {
  const total = (count: (outcome: TestOutcome) => number): number =>
    outcomes.reduce((sum, each) => sum + count(each), 0)
  return {
    passed: total(({ passed }) => passed),
    failed: total(({ failed }) => failed),
    seconds: total(({ seconds }) => seconds),
  }
}

function isWritten(outcomes: readonly TestOutcome[], filesInAll: number): boolean {
  const written = {
    bundle: JSON.parse(readFileSync(join(root, 'bundle.json'), 'utf8')) as unknown,
    adapter: process.env['GRADREC_TEST_ADAPTER'] ?? 'auto',
    writtenAt: new Date().toISOString(),
    filesInAll,
    ...totalsOf(outcomes),
    files: outcomes,
  }
  try {
    mkdirSync(results, { recursive: true })
    writeFileSync(RESULT, `${JSON.stringify(written, undefined, 2)}\n`)
    return true
  } catch (error) {
    process.stderr.write(`error: ${RESULT} cannot be written: ${String(error)}\n`)
    return false
  }
}

async function runFile(path: string): Promise<TestOutcome> {
  const file = basename(path, '.mjs')
  const started = performance.now()
  const { ending, complaints, running, outcome } = await runProcess([join(code, 'testFile.mjs'), path])
  if (outcome !== undefined && ending === 'exit code 0') return { ...outcome, file }
  const where = outcome === undefined ? running : 'after the last test'
  return {
    file,
    passed: outcome?.passed ?? 0,
    failed: (outcome?.failed ?? 0) + 1,
    seconds: (performance.now() - started) / 1000,
    failures: [
      ...(outcome?.failures ?? []),
      { name: where, message: `the process ended with ${ending}\n${complaints.trim().slice(-4000)}` },
    ],
  }
}

interface Ended {
  readonly ending: string
  /** What was written to stderr. */
  readonly complaints: string
  /** The last test that was begun. */
  readonly running: string
  readonly outcome: TestOutcome | undefined
}

/** Runs a test file to its end, or to the first test that gives no answer; ends it when this process is ended. */
function runProcess(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe', 'pipe'] })
  const endWithThis = (): void => {
    child.kill('SIGKILL')
    process.exit(1)
  }
  for (const signal of SIGNALS) process.once(signal, endWithThis)
  let [complaints, running] = ['', 'before the first test']
  let outcome: TestOutcome | undefined
  let isStuck = false
  const watchdog = setTimeout(() => {
    isStuck = true
    child.kill('SIGKILL')
  }, ANSWER_TIMEOUT_MS)
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const events = child.stdio[EVENTS]
  if (!(events instanceof Readable)) throw new Error('the test process cannot be listened to')
  createInterface(events).on('line', (line) => {
    watchdog.refresh()
    const event = JSON.parse(line) as TestEvent
    if ('running' in event) running = event.running
    else outcome = event.outcome
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) => {
      clearTimeout(watchdog)
      for (const each of SIGNALS) process.off(each, endWithThis)
      const how = signal === null ? `exit code ${exitCode}` : `signal ${signal}`
      resolve({ ending: isStuck ? 'no answer: it was stopped' : how, complaints, running, outcome })
    })
  })
}

function lineOf({ file, passed, failed, seconds }: TestOutcome): string {
  const counts = `${passed} passed${failed === 0 ? '' : `, ${failed} FAILED`}`
  return `${file.padEnd(24)} ${counts.padEnd(28)} ${seconds.toFixed(1)} s\n`
}

function indented(text: string): string {
  return text
    .split('\n')
    .slice(0, 20)
    .map((line) => `    ${line}`)
    .join('\n')
}
