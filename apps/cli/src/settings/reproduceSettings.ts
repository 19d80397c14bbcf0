import { METHOD_KINDS, type MethodKind } from '@gradrec/core'
import type { ArgsDef } from 'citty'
import { UsageError } from '../errors.ts'
import { nearestName } from '../nearestName.ts'
import { ARTEFACT_NAMES } from '../reproduce/artefactNames.ts'
import { BACKBONES, PAPER_DATASETS, PAPER_METHODS } from '../reproduce/paper.ts'
import type { Selection } from '../reproduce/selection.ts'
import { engineArgs, outputArgs } from './modelArgs.ts'
import type { Flags } from './parseFlags.ts'

export const reproduceArgs: ArgsDef = {
  artefact: {
    type: 'positional',
    required: false,
    description: `${ARTEFACT_NAMES.join(', ')}, several of them, all, or page`,
  },
  datasets: {
    type: 'string',
    valueHint: 'name,…',
    description: `of ${PAPER_DATASETS.join(', ')} (default: the paper’s for each)`,
  },
  backbones: { type: 'string', valueHint: 'name,…', description: 'of mf, lgn (both)' },
  methods: {
    type: 'string',
    valueHint: 'name,…',
    description: `rows of Table III to train (${PAPER_METHODS.join(',')}); others are shown where they have been trained`,
  },
  seeds: { type: 'string', valueHint: 'integer,…', description: 'training seeds; with several, means ± sd (1)' },
  quick: {
    type: 'boolean',
    description: 'tiny models on simulated data, to see that everything works: not a result',
  },
  plan: { type: 'boolean', description: 'only show what would be trained and how long that takes' },
  runs: {
    type: 'string',
    valueHint: 'folder',
    description: 'where trainings are kept and found again (runs/reproduce; with --quick runs/reproduce-quick)',
  },
  out: {
    type: 'string',
    valueHint: 'folder',
    description:
      'where results are written, beside what is there of other data sets and backbones (default: as --runs)',
  },
  'data-root': {
    type: 'string',
    valueHint: 'folder',
    description: 'where catalogue data lies (default: $GRADREC_DATA, else ./data)',
  },
  benchmarks: {
    type: 'string',
    valueHint: 'folder',
    description: 'folder with paper.json and recipes/ (default: the checkout’s)',
  },
  ...engineArgs,
  ...outputArgs,
}

export const REPRODUCE_FLAG_GROUPS: ReadonlyMap<string, string> = new Map([
  ['datasets', 'What'],
  ['runs', 'Files'],
  ['engine', 'Machine'],
  ['json', 'Output'],
])

export const REPRODUCE_EXAMPLES = [
  ['gradrec reproduce table1 table2', 'from the data alone'],
  ['gradrec reproduce all --plan', 'what would be trained, and how long it takes'],
  ['gradrec reproduce table3 --datasets adressa --backbones mf', 'one block of Table III'],
  ['gradrec reproduce table3 --seeds 1,2,3,4,5', 'means and standard deviations'],
  ['gradrec reproduce all --quick', 'a look at everything in two minutes: not a result'],
  ['gradrec reproduce page', 'REPRODUCTION.md and reproduction.html in benchmarks/, from results/reproduction/ there'],
] as const

/** The word for all artefacts, and the one for the page made of what is committed. */
export const ALL = 'all'
export const PAGE = 'page'

/** What was asked for. */
export interface ReproduceSettings {
  /** Names of artefacts, each once, in the paper's order. */
  readonly artefacts: readonly string[]
  /** Whether `page` was among the words. */
  readonly page: boolean
  readonly selection: Selection
  readonly planOnly: boolean
  readonly runs: string
  readonly out: string
  readonly dataRoot: string | undefined
  readonly benchmarks: string | undefined
  readonly json: boolean
  readonly quiet: boolean
}

/** A command line apart: the words, and everything else in its order. */
export function wordsApart(
  argv: readonly string[],
  args: ArgsDef,
): { readonly words: string[]; readonly flags: string[] } {
  const [words, flags]: [string[], string[]] = [[], []]
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      continue
    }
    flags.push(word)
    const takesValue = args[word.replace(/^--/, '')]?.type === 'string'
    const value = argv[at + 1]
    if (takesValue && value !== undefined) {
      flags.push(value)
      at++
    }
  }
  return { words, flags }
}

/** What the words and flags mean. A `UsageError` says what cannot be meant. */
export function reproduceSettingsOf(words: readonly string[], flags: Flags): ReproduceSettings {
  const known = [...ARTEFACT_NAMES, ALL, PAGE]
  if (words.length === 0) {
    throw new UsageError(`nothing is named to reproduce; expected one or more of ${known.join(', ')}`)
  }
  for (const word of words) {
    if (known.includes(word)) continue
    const nearest = nearestName(word, known)
    const advice = nearest === undefined ? `expected one or more of ${known.join(', ')}` : `did you mean ${nearest}?`
    throw new UsageError(`"${word}" is no table or figure that can be reproduced; ${advice}`)
  }
  const quick = flags.get('quick') === true
  const runs = textOf(flags, 'runs') ?? (quick ? 'runs/reproduce-quick' : 'runs/reproduce')
  return {
    artefacts: ARTEFACT_NAMES.filter((name) => words.includes(ALL) || words.includes(name)),
    page: words.includes(PAGE),
    selection: {
      datasets: namesIn(flags, 'datasets', PAPER_DATASETS),
      backbones: namesIn(flags, 'backbones', BACKBONES) ?? BACKBONES,
      methods: namesIn<MethodKind>(flags, 'methods', METHOD_KINDS) ?? PAPER_METHODS,
      seeds: seedsIn(flags),
      quick,
    },
    planOnly: flags.get('plan') === true,
    runs,
    out: textOf(flags, 'out') ?? runs,
    dataRoot: textOf(flags, 'data-root'),
    benchmarks: textOf(flags, 'benchmarks'),
    json: flags.get('json') === true,
    quiet: flags.get('quiet') === true,
  }
}

function textOf(flags: Flags, name: string): string | undefined {
  const value = flags.get(name)
  if (value === '') throw new UsageError(`--${name} is ""; expected a folder`)
  return typeof value === 'string' ? value : undefined
}

/** The names of a flag such as `--datasets ml10m,adressa`, each once and in the order of `all`. */
function namesIn<Name extends string>(flags: Flags, flag: string, all: readonly Name[]): readonly Name[] | undefined {
  const value = flags.get(flag)
  if (typeof value !== 'string') return undefined
  const words = value.split(',').map((word) => word.trim())
  for (const word of words) {
    if (all.some((name) => name === word)) continue
    const nearest = nearestName(word, all)
    const advice = nearest === undefined ? `expected one or more of ${all.join(', ')}` : `did you mean ${nearest}?`
    throw new UsageError(`--${flag} names "${word}"; ${advice}`)
  }
  return all.filter((name) => words.includes(name))
}

function seedsIn(flags: Flags): readonly number[] {
  const value = flags.get('seeds')
  if (typeof value !== 'string') return [1]
  const seeds = value.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)))
  if (seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)) return [...new Set(seeds)]
  throw new UsageError(`--seeds is "${value}"; expected whole numbers, 0 or more, with commas between`)
}
