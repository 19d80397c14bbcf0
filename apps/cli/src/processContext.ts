import type { Context } from './context.ts'
import { thisMachine } from './engine/thisMachine.ts'

/** What a command takes from the process it runs in: its streams, its environment, its signals. */
export function processContext(): Context {
  // A reader that has seen enough, such as `head`, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    machine: thisMachine,
    now: () => new Date(),
    onInterrupt(callback) {
      process.on('SIGINT', callback)
      return () => void process.off('SIGINT', callback)
    },
    quit: (exitCode) => process.exit(exitCode),
  }
}
