import { stripVTControlCharacters } from 'node:util'
import { defineCommand, renderUsage, type CommandDef } from 'citty'
import { doctor, doctorArgs } from './commands/doctor.ts'
import { evaluate } from './commands/evaluate.ts'
import { exportVectors } from './commands/export.ts'
import { recommend } from './commands/recommend.ts'
import { reproduce } from './commands/reproduce.ts'
import { split } from './commands/split.ts'
import { train } from './commands/train.ts'
import { tune } from './commands/tune.ts'
import type { Context } from './context.ts'
import { describeFailure } from './describeFailure.ts'
import { UsageError } from './errors.ts'
import { ExitCode, exitCodeOf } from './exitCode.ts'
import { helpLines } from './output/helpLines.ts'
import { methodList } from './output/methodList.ts'
import { nearestName } from './nearestName.ts'
import { versionOfGradrec } from './run/provenance.ts'
import { EVALUATE_EXAMPLES, evaluateArgs } from './settings/evaluateSettings.ts'
import { EXPORT_EXAMPLES, exportArgs } from './settings/exportSettings.ts'
import { MODEL_FLAG_GROUPS } from './settings/modelArgs.ts'
import { RECOMMEND_EXAMPLES, recommendArgs } from './settings/recommendSettings.ts'
import { REPRODUCE_EXAMPLES, REPRODUCE_FLAG_GROUPS, reproduceArgs } from './settings/reproduceSettings.ts'
import { splitArgs } from './settings/splitSettings.ts'
import { TRAIN_FLAG_GROUPS, trainArgs } from './settings/trainFlags.ts'
import { TUNE_EXAMPLES, tuneArgs } from './settings/tuneSettings.ts'

interface Command {
  readonly definition: CommandDef
  /** Headings within the list of flags, by the flag each stands above. */
  readonly flagGroups?: ReadonlyMap<string, string>
  /** What its help text says below the flags. */
  readonly notes?: string
  /** Command lines for the end of its help text, with what they do where that needs saying. */
  readonly examples?: readonly (readonly [line: string, note: string])[]
  run(argv: readonly string[], context: Context): Promise<number>
}

const COMMANDS: Readonly<Record<string, Command>> = {
  train: {
    definition: defineCommand({
      meta: { name: 'gradrec train', description: 'Train a recommender, debias it, and show what that changed' },
      args: trainArgs,
    }) as CommandDef,
    flagGroups: TRAIN_FLAG_GROUPS,
    notes: methodList(),
    run: train,
  },
  tune: {
    definition: defineCommand({
      meta: { name: 'gradrec tune', description: 'Find the dials that rank the validation part best, over a grid' },
      args: tuneArgs,
    }) as CommandDef,
    flagGroups: MODEL_FLAG_GROUPS,
    examples: TUNE_EXAMPLES,
    run: tune,
  },
  evaluate: {
    definition: defineCommand({
      meta: { name: 'gradrec evaluate', description: 'Measure a model by every metric, and compare it with another' },
      args: evaluateArgs,
    }) as CommandDef,
    flagGroups: MODEL_FLAG_GROUPS,
    examples: EVALUATE_EXAMPLES,
    run: evaluate,
  },
  recommend: {
    definition: defineCommand({
      meta: { name: 'gradrec recommend', description: 'Recommend items to users, by your own ids' },
      args: recommendArgs,
    }) as CommandDef,
    flagGroups: MODEL_FLAG_GROUPS,
    examples: RECOMMEND_EXAMPLES,
    run: recommend,
  },
  export: {
    definition: defineCommand({
      meta: { name: 'gradrec export', description: 'Write the final vectors for other programs' },
      args: exportArgs,
    }) as CommandDef,
    flagGroups: MODEL_FLAG_GROUPS,
    examples: EXPORT_EXAMPLES,
    run: exportVectors,
  },
  split: {
    definition: defineCommand({
      meta: {
        name: 'gradrec split',
        description: 'Filter interactions and cut them into training, validation and test',
      },
      args: splitArgs,
    }) as CommandDef,
    run: split,
  },
  reproduce: {
    definition: defineCommand({
      meta: { name: 'gradrec reproduce', description: 'Make the paper’s tables and figures again, beside its numbers' },
      args: reproduceArgs,
    }) as CommandDef,
    flagGroups: REPRODUCE_FLAG_GROUPS,
    examples: REPRODUCE_EXAMPLES,
    run: reproduce,
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

  gradrec train                                    simulated data, matrix factorisation, debiased
  gradrec train --dataset ml100k --backbone lgn    a data set of the catalogue, LightGCN
  gradrec train --dataset ratings.csv --min-rating 4
  gradrec split ratings.csv --preset intervened --min-rating 4 --k-core 5 --out splits/ratings
  gradrec train --dataset splits/ratings
  gradrec train --method original                  without debiasing
  gradrec train --config runs/<name>/config.json   the same run again
  gradrec train --resume runs/<name> --epochs 100  go on where it stopped
  gradrec evaluate runs/<name> --against dials-off what the debiasing changed
  gradrec recommend runs/<name> --user 42          ten items for a user
  gradrec export runs/<name>                       vectors for a vector database
  gradrec reproduce all --plan                     the paper’s tables and figures, and how long they take
`

/**
 * Runs the command `gradrec` and resolves to its exit code: 0 done, 1 failed, 2 wrongly called, 130 interrupted. Never rejects:
 * what goes wrong is one line on stderr.
 */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  try {
    return await dispatch(argv, context)
  } catch (error) {
    context.stderr.write(`${describeFailure(error, context.environment['GRADREC_DEBUG'] === '1')}\n`)
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
    await help(command.definition, context, command.flagGroups)
    if (command.notes !== undefined) context.stdout.write(`\n${command.notes}`)
    if (command.examples) context.stdout.write(`\n${exampleText(command.examples)}`)
    return ExitCode.ok
  }
  return command.run(rest, context)
}

async function help(
  command: CommandDef,
  { stdout, environment }: Context,
  groups?: Command['flagGroups'],
): Promise<void> {
  const usage = helpLines(await renderUsage(command), groups ?? new Map())
  const plain = stdout.isTTY !== true || (environment['NO_COLOR'] ?? '') !== ''
  stdout.write(`${plain ? stripVTControlCharacters(usage) : usage}\n`)
}

/** Command lines with their notes beside them. */
function exampleText(examples: NonNullable<Command['examples']>): string {
  const width = Math.max(...examples.map(([line, note]) => (note === '' ? 0 : line.length)))
  const lines = examples.map(([line, note]) => `  ${line.padEnd(width)}  ${note}`.trimEnd())
  return `EXAMPLES\n\n${lines.join('\n')}\n`
}
