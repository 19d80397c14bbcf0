/** A test that failed, or a file that could not be read or run to its end. */
export interface TestFailure {
  readonly name: string
  readonly message: string
}

/** What became of one test file. */
export interface TestOutcome {
  readonly file: string
  readonly passed: number
  readonly failed: number
  readonly seconds: number
  readonly failures: readonly TestFailure[]
}

/** What a test file's process tells the one that started it, a line of JSON each. */
export type TestEvent = { readonly running: string } | { readonly outcome: TestOutcome }

/** The file descriptor they go to. Written to at once, so that the test that crashes the process has been named before. */
export const EVENTS = 3
