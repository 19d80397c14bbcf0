import type { EvaluatedPart } from '@gradrec/core'
import type { ArgsDef } from 'citty'
import { UsageError } from '../errors.ts'
import { BASELINES, type Baseline } from '../run/baselines.ts'
import { dataArgs, dialArgs, engineArgs, modelArg, outputArgs } from './modelArgs.ts'
import { numbersIn } from './numbersIn.ts'
import type { Flags } from './parseFlags.ts'

const PARTS: readonly EvaluatedPart[] = ['test', 'biasedTest', 'validation']

/** What `--against` can name besides a run. */
export type Rival = Baseline | 'dials-off'
const RIVALS: readonly Rival[] = [...BASELINES, 'dials-off']

const RESAMPLES = 2000

export const evaluateArgs: ArgsDef = {
  ...modelArg,
  against: {
    type: 'string',
    valueHint: `run|${RIVALS.join('|')}`,
    description:
      'what to compare with, user by user: another run on the same data, a baseline, or the model as trained',
  },
  part: {
    type: 'string',
    valueHint: 'part,…',
    description: `${PARTS.join(', ')} (default: the test parts there are, else validation)`,
  },
  k: {
    type: 'string',
    valueHint: 'count,…',
    description: 'lengths of the lists, 1 to 1024 (default: as it was trained)',
  },
  ...dialArgs,
  resamples: {
    type: 'string',
    valueHint: 'count',
    description: `bootstrap resamples of the users behind intervals (${RESAMPLES})`,
  },
  ...dataArgs,
  ...engineArgs,
  ...outputArgs,
}

export const EVALUATE_EXAMPLES = [
  ['gradrec evaluate runs/<name>', 'all metrics with confidence intervals'],
  ['gradrec evaluate runs/<name> --against dials-off', 'what the debiasing changed'],
  ['gradrec evaluate runs/<name> --against runs/<other> --k 20,50', 'two runs on the same data'],
  ['gradrec evaluate runs/<name> --alpha-item 1 --alpha-user 0 --part validation', ''],
] as const

/** What was said about an evaluation. */
export interface EvaluateSettings {
  readonly parts?: readonly EvaluatedPart[]
  readonly k?: readonly number[]
  /** A baseline, the model with its dials off, or a run's folder or file. */
  readonly against?: string
  readonly resamples: number
}

/** The settings among the flags. A `UsageError` names the first that is wrong. */
export function evaluateSettingsOf(flags: Flags): EvaluateSettings {
  const part = flags.get('part')
  const parts = part === undefined ? undefined : [...new Set(String(part).split(','))].map(partNamed)
  const k = numbersIn(flags, 'k', 'whole numbers from 1 to 1024 with commas between')
  if (k?.some((each) => !Number.isInteger(each) || each < 1 || each > 1024)) {
    throw new UsageError(`--k is "${flags.get('k')}"; expected whole numbers from 1 to 1024 with commas between`)
  }
  const [resamples = RESAMPLES, ...more] = numbersIn(flags, 'resamples', 'a whole number from 100 on') ?? []
  if (!Number.isInteger(resamples) || resamples < 100 || more.length > 0) {
    throw new UsageError(`--resamples is "${flags.get('resamples')}"; expected a whole number from 100 on`)
  }
  const against = flags.get('against')
  return {
    ...(parts && { parts }),
    ...(k && { k: [...new Set(k)].sort((a, b) => a - b) }),
    ...(typeof against === 'string' && { against }),
    resamples,
  }
}

export function isRival(word: string): word is Rival {
  return RIVALS.some((rival) => rival === word)
}

function partNamed(word: string): EvaluatedPart {
  const part = PARTS.find((each) => each === word)
  if (part !== undefined) return part
  throw new UsageError(`--part is "${word}"; expected ${PARTS.join(', ')}, or several with commas between`)
}
