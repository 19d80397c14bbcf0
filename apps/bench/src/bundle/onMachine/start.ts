import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch } from './launch.ts'
import { PROGRAMS } from './programs.ts'

// lib/code/start.mjs of the bundle, called by lib/start.sh.
const program = PROGRAMS.find((name) => name === process.argv[2])
if (program === undefined) throw new Error(`start.mjs starts ${PROGRAMS.join(', ')}`)
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
process.exitCode = await launch(program, process.argv.slice(3), root)
