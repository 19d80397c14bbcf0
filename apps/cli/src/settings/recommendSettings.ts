import type { RecommendOptions } from '@gradrec/core'
import type { ArgsDef } from 'citty'
import { UsageError } from '../errors.ts'
import { dialArgs, engineArgs, modelArg } from './modelArgs.ts'
import { numbersIn } from './numbersIn.ts'
import type { Flags } from './parseFlags.ts'
import { repeatedFlag } from './repeatedFlag.ts'

const UNKNOWN = ['mostPopular', 'none', 'refuse'] as const

export const recommendArgs: ArgsDef = {
  ...modelArg,
  user: { type: 'string', valueHint: 'id', description: 'whom to recommend to; can be given several times' },
  users: {
    type: 'string',
    valueHint: 'file',
    description: 'many at once: one id a line, or a CSV file with a user column',
  },
  all: { type: 'boolean', description: 'all users the model was trained on' },
  k: { type: 'string', valueHint: 'count', description: 'items for each user, 1 to 1024 (10)' },
  'include-seen': { type: 'boolean', description: 'also items that the user was trained with' },
  'exclude-items': {
    type: 'string',
    valueHint: 'file',
    description: 'items that nobody gets: one id a line, or a CSV file',
  },
  'user-column': { type: 'string', valueHint: 'column', description: 'column of the user ids in the CSV file' },
  'item-column': { type: 'string', valueHint: 'column', description: 'column of the item ids in the CSV file' },
  unknown: {
    type: 'string',
    valueHint: UNKNOWN.join('|'),
    description: 'what users get that the model does not know: the most popular items (default), nothing, or an error',
  },
  out: { type: 'string', valueHint: 'file', description: 'write to a .jsonl or .csv file instead of stdout' },
  ...dialArgs,
  ...engineArgs,
  json: { type: 'boolean', description: 'print one JSON object a user and line on stdout' },
  quiet: { type: 'boolean', description: 'print results and errors only' },
}

export const RECOMMEND_EXAMPLES = [
  ['gradrec recommend runs/<name> --user 42 --user 7', 'ten items each, best first'],
  ['gradrec recommend runs/<name> --users ids.txt --k 20 --out lists.csv', ''],
  ['gradrec recommend runs/<name> --all --out lists.jsonl', 'all users, as JSON lines'],
  ['gradrec recommend runs/<name> --user 42 --exclude-items sold-out.txt --json', ''],
] as const

export type ListFormat = 'jsonl' | 'csv'

/** A file that ids are read from. */
export interface IdFile {
  readonly path: string
  /** One id a line, or a column of a table: the named one, or the one with a usual name. */
  readonly table: { readonly column?: string } | undefined
}

/** What was said about recommendations. */
export interface RecommendSettings {
  /** Ids from the command line; with neither these nor a file: all users. */
  readonly users: readonly string[]
  readonly userFile?: IdFile
  readonly all: boolean
  readonly k: number
  readonly excludeSeen: boolean
  readonly excludedItems?: IdFile
  readonly unknownUsers: NonNullable<RecommendOptions['unknownUsers']>
  readonly out?: { readonly path: string; readonly format: ListFormat }
}

/** The settings among the flags. A `UsageError` names the first that is wrong. */
export function recommendSettingsOf(flags: Flags, argv: readonly string[]): RecommendSettings {
  const users = repeatedFlag(argv, recommendArgs, 'user')
  const userFile = idFile(flags, 'users', 'user-column')
  const all = flags.get('all') === true
  if (all && (users.length > 0 || userFile)) {
    throw new UsageError('--all means all users; it does not go with --user or --users')
  }
  if (!all && users.length === 0 && !userFile) {
    throw new UsageError('nobody to recommend to; expected --user <id>, --users <file> or --all')
  }
  const [k = 10, ...more] = numbersIn(flags, 'k', 'a whole number from 1 to 1024') ?? []
  if (!Number.isInteger(k) || k < 1 || k > 1024 || more.length > 0) {
    throw new UsageError(`--k is "${flags.get('k')}"; expected a whole number from 1 to 1024`)
  }
  const unknown = flags.get('unknown') ?? 'mostPopular'
  const unknownUsers = UNKNOWN.find((each) => each === unknown)
  if (unknownUsers === undefined)
    throw new UsageError(`--unknown is "${unknown}"; expected one of ${UNKNOWN.join(', ')}`)
  const excludedItems = idFile(flags, 'exclude-items', 'item-column')
  const out = flags.get('out')
  return {
    users,
    ...(userFile && { userFile }),
    all,
    k,
    excludeSeen: flags.get('include-seen') !== true,
    ...(excludedItems && { excludedItems }),
    unknownUsers,
    ...(typeof out === 'string' && { out: { path: out, format: formatOf(out) } }),
  }
}

function idFile(flags: Flags, name: string, columnFlag: string): IdFile | undefined {
  const path = flags.get(name)
  const column = flags.get(columnFlag)
  if (typeof path !== 'string') {
    if (column !== undefined) throw new UsageError(`--${columnFlag} means nothing without --${name}`)
    return undefined
  }
  if (typeof column === 'string') return { path, table: { column } }
  return { path, table: /\.(csv|tsv)(\.gz)?$/i.test(path) ? {} : undefined }
}

function formatOf(path: string): ListFormat {
  if (/\.(jsonl|ndjson)$/i.test(path)) return 'jsonl'
  if (/\.csv$/i.test(path)) return 'csv'
  throw new UsageError(`--out is "${path}"; expected a file that ends in .jsonl or .csv, which says the format`)
}
