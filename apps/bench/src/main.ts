import { processContext } from '@gradrec/cli'
import { run } from './run.ts'

process.exitCode = await run(process.argv.slice(2), processContext())
