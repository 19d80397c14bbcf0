import { writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { startTests, type File, type Task, type VitestRunner } from '@vitest/runner'
import { EVENTS, type TestEvent, type TestFailure, type TestOutcome } from './testOutcome.ts'

// Runs one test file, `testFile.mjs <file>`, and tells of it on the descriptor EVENTS. A process of its own for each, as vitest does it: a
// driver that crashes takes one file along.

const file = process.argv[2]
if (file === undefined) throw new Error('testFile.mjs takes a test file')

const runner: VitestRunner = {
  config: {
    root: process.cwd(),
    setupFiles: [],
    name: undefined,
    passWithNoTests: false,
    testNamePattern: undefined,
    allowOnly: false,
    sequence: { seed: 1, hooks: 'stack', setupFiles: 'list' },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    retry: 0,
    includeTaskLocation: false,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  },
  onBeforeTryTask: (test) => tell({ running: test.fullTestName }),
  importFile: (path) => import(pathToFileURL(path).href),
}

const started = performance.now()
const files = await startTests([file], runner)
const tasks = files.flatMap(withChildren)
const tests = tasks.filter((task) => task.type === 'test')
const passed = tests.filter((test) => test.result?.state === 'pass').length
const failures = tasks.flatMap(failuresOf)
const unfinished = tests.length - passed - tests.filter((test) => test.result?.state === 'fail').length
if (unfinished > 0) failures.push({ name: file, message: `${unfinished} tests did not run` })
if (tests.length === 0 && failures.length === 0) failures.push({ name: file, message: 'the file has no tests' })
const outcome: TestOutcome = {
  file,
  passed,
  failed: Math.max(tests.length - passed, failures.length),
  seconds: (performance.now() - started) / 1000,
  failures,
}
tell({ outcome })

function tell(event: TestEvent): void {
  writeSync(EVENTS, `${JSON.stringify(event)}\n`)
}

function withChildren(task: Task | File): Task[] {
  return task.type === 'suite' ? [task, ...task.tasks.flatMap(withChildren)] : [task]
}

function failuresOf(task: Task): TestFailure[] {
  if (task.result?.state !== 'fail') return []
  const name = task.type === 'test' ? task.fullTestName : task.name
  return (task.result.errors ?? []).map((error) => ({
    name,
    message: [error.message, error.diff].filter((text) => text !== undefined && text !== '').join('\n'),
  }))
}
