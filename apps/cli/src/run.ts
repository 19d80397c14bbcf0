import { GradrecError } from '@gradrec/engine'
import { stripVTControlCharacters } from 'node:util'
import { defineCommand, renderUsage, type CommandDef } from 'citty'
import { doctor, doctorArgs } from './commands/doctor.ts'
import { train } from './commands/train.ts'
import type { Context } from './context.ts'
import { UsageError } from './errors.ts'
import { ExitCode, exitCodeOf } from './exitCode.ts'
import { nearestName } from './nearestName.ts'
import { versionOfGradrec } from './run/provenance.ts'
import { trainArgs } from './settings/trainFlags.ts'

interface Command {
  readonly definition: CommandDef
  run(argv: readonly string[], context: Context): Promise<number>
}

const COMMANDS: Readonly<Record<string, Command>> = {
  train: {
    definition: defineCommand({
      meta: { name: 'gradrec train', description: 'Train a recommender and compare it with most-popular' },
      args: trainArgs,
    }) as CommandDef,
    run: train,
  },
  doctor: {
    definition: defineCommand({
      meta: { name: 'gradrec doctor', description: 'Show what gradrec finds on this machine and what it would use' },
      args: doctorArgs,
    }) as CommandDef,
    run: doctor,
  },
}

const EXAMPLES = `EXAMPLES

  gradrec train                                  simulated data, matrix factorisation
  gradrec train --dataset ml100k --backbone lgn  a data set of the catalogue, LightGCN
  gradrec train --dataset ratings.csv --min-rating 4
  gradrec train --config runs/<name>/config.json the same run again
`

/**
 * Runs the command `gradrec` and resolves to its exit code: 0 done, 1 failed, 2 wrongly called, 130 interrupted. Never rejects:
 * what goes wrong is one line on stderr.
 */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  try {
    return await dispatch(argv, context)
  } catch (error) {
    context.stderr.write(`${report(error, context.environment['GRADREC_DEBUG'] === '1')}\n`)
    return exitCodeOf(error)
  }
}

async function dispatch(argv: readonly string[], context: Context): Promise<number> {
  const [name, ...rest] = argv
  if (name === '--version' || name === '-v') {
    context.stdout.write(`${await versionOfGradrec()}\n`)
    return ExitCode.ok
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const all = Object.fromEntries(Object.entries(COMMANDS).map(([key, { definition }]) => [key, definition]))
    const description = 'Train recommenders on any GPU, through WebGPU'
    await help(defineCommand({ meta: { name: 'gradrec', description }, subCommands: all }), context)
    context.stdout.write(`\n${EXAMPLES}`)
    return name === undefined ? ExitCode.usage : ExitCode.ok
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) {
    const nearest = nearestName(name, Object.keys(COMMANDS))
    const advice =
      nearest === undefined ? `the commands are ${Object.keys(COMMANDS).join(', ')}` : `did you mean ${nearest}?`
    throw new UsageError(`"${name}" is not a command of gradrec; ${advice}`)
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    await help(command.definition, context)
    return ExitCode.ok
  }
  return command.run(rest, context)
}

async function help(command: CommandDef, { stdout, environment }: Context): Promise<void> {
  const usage = await renderUsage(command)
  const plain = stdout.isTTY !== true || (environment['NO_COLOR'] ?? '') !== ''
  const trimmed = usage.replaceAll(/ +$/gm, '')
  stdout.write(`${plain ? stripVTControlCharacters(trimmed) : trimmed}\n`)
}

function report(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error) return error.stack ?? error.message
  if (error instanceof GradrecError) return `error [${error.code}]: ${oneLine(error.message)}`
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `error [E_UNEXPECTED]: ${oneLine(message)}; set GRADREC_DEBUG=1 to see where, and please report it`
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
