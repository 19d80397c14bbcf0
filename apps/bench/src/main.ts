import { thisMachine } from '@gradrec/cli'
import { run } from './run.ts'

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await run(process.argv.slice(2), {
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
})
