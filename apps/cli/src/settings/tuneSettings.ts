import { isAccuracyKey, type AccuracyKey } from '@gradrec/core'
import type { ArgsDef } from 'citty'
import { UsageError } from '../errors.ts'
import { dataArgs, engineArgs, modelArg, outputArgs } from './modelArgs.ts'
import { numbersIn } from './numbersIn.ts'
import type { Flags } from './parseFlags.ts'

export const tuneArgs: ArgsDef = {
  ...modelArg,
  grid: { type: 'string', valueHint: 'a,b,…', description: 'values to try of each dial (default: each dial’s own)' },
  metric: {
    type: 'string',
    valueHint: 'metric@k',
    description: 'what is maximised on the validation part: recall@20, ndcg@10, … (default: as it was trained)',
  },
  'dry-run': { type: 'boolean', description: 'only show the result: write nothing, leave the model’s dials' },
  ...dataArgs,
  ...engineArgs,
  ...outputArgs,
}

export const TUNE_EXAMPLES = [
  ['gradrec tune runs/<name>', 'the whole grid of all dials; the best are kept in the model'],
  ['gradrec tune runs/<name> --metric ndcg@10 --dry-run', ''],
  ['gradrec tune runs/<name> --grid 0,0.25,0.5,0.75,1,1.25,1.5', ''],
] as const

/** What was said about tuning. */
export interface TuneSettings {
  /** Values to try of each dial; left out for the dials' own. */
  readonly grid?: readonly number[]
  readonly metric?: AccuracyKey
  readonly dryRun: boolean
}

/** The settings among the flags. A `UsageError` names the first that is wrong. */
export function tuneSettingsOf(flags: Flags): TuneSettings {
  const grid = numbersIn(flags, 'grid', 'numbers with commas between, such as 0,0.5,1')
  const metric = flags.get('metric')
  if (metric !== undefined && (typeof metric !== 'string' || !isAccuracyKey(metric))) {
    throw new UsageError(
      `--metric is "${metric}"; expected a metric of accuracy and the length of its lists, such as recall@20`,
    )
  }
  return {
    ...(grid !== undefined && { grid: [...new Set(grid)].sort((a, b) => a - b) }),
    ...(metric !== undefined && { metric }),
    dryRun: flags.get('dry-run') === true,
  }
}
