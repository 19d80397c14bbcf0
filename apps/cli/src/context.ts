import type { Machine } from './engine/machine.ts'

/** A stream that text goes to. */
export interface TextStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Everything a command takes from the process it runs in. Tests hand in their own. */
export interface Context {
  readonly stdout: TextStream
  readonly stderr: TextStream
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly machine: Machine
  now(): Date
  /** Calls back on every Ctrl-C (SIGINT) until the returned function is called. */
  onInterrupt(callback: () => void): () => void
  /** Ends the process at once. */
  quit(exitCode: number): void
}
