import type { ArgsDef } from 'citty'
import { SPLIT_PRESETS, type Format, type HeldOutOrder, type SplitPreset } from '@gradrec/data'
import * as v from 'valibot'
import { UsageError } from '../errors.ts'
import { choice, number, text, yesOrNo, type Kind } from './kinds.ts'
import type { Flags } from './parseFlags.ts'
import { flagOf } from './trainSettings.ts'

/** What was said about a split. */
export interface SplitSettings {
  /** A `SplitPreset`, or a protocol of the catalogue. */
  readonly preset?: string
  readonly out?: string
  readonly name?: string
  readonly seed?: number

  readonly minRating?: number
  readonly kCore?: number
  readonly kCoreUsers?: number
  readonly kCoreItems?: number
  readonly kCoreOnce?: boolean

  readonly validation?: number
  readonly test?: number
  readonly intervenedTrain?: number
  readonly weightCap?: number
  readonly intervenedShare?: string
  readonly order?: HeldOutOrder
  readonly maximumShare?: number
  readonly validationFrom?: string
  readonly testFrom?: string

  readonly dataRoot?: string
  readonly format?: Format
  readonly userColumn?: string
  readonly itemColumn?: string
  readonly ratingColumn?: string
  readonly timeColumn?: string
  readonly ignoreTimes?: boolean
}

type Key = keyof SplitSettings

interface Setting<Value> {
  readonly kind: Kind<Value>
  readonly description: string
  /** The presets it goes with; absent: all. */
  readonly presets?: readonly SplitPreset[]
}

const AGAINST_POPULARITY = ['intervened', 'paper-60-10-30', 'mix'] as const
const BY_SHARES = [...AGAINST_POPULARITY, 'iid', 'temporal', 'per-item'] as const

const setting = <Value>(kind: Kind<Value>, description: string, presets?: readonly SplitPreset[]): Setting<Value> => ({
  kind,
  description,
  ...(presets && { presets }),
})

/** Every setting of `gradrec split`, once; in kebab-case, with two dashes, the key is the flag. */
const SPLIT_SETTINGS: { readonly [Name in Key]-?: Setting<Required<SplitSettings>[Name]> } = {
  preset: setting(
    text('name'),
    `how to split: ${Object.keys(SPLIT_PRESETS).join(', ')}, or a protocol of a catalogue data set`,
  ),
  out: setting(text('folder'), 'new folder to write to; without it, the split is only described'),
  name: setting(text('name'), 'name of the data set (default: the file’s)'),
  seed: setting(number('integer'), 'seed of all draws (0)'),

  minRating: setting(number(), 'interactions rated lower are left out'),
  kCore: setting(number('count'), 'users and items with fewer interactions are left out'),
  kCoreUsers: setting(number('count'), 'users with fewer interactions are left out'),
  kCoreItems: setting(number('count'), 'items with fewer interactions are left out'),
  kCoreOnce: setting(yesOrNo, 'filter items, then users, once, not until all that stay have enough'),

  validation: setting(number('share'), 'share for validation; per-item: interactions of each item', BY_SHARES),
  test: setting(number('share'), 'share for the test; per-item: interactions of each item', BY_SHARES),
  intervenedTrain: setting(number('share'), 'share drawn against popularity that trains', [
    'intervened',
    'paper-60-10-30',
  ]),
  weightCap: setting(number('percentile'), 'cap of the weights 1 / popularity (none)', AGAINST_POPULARITY),
  intervenedShare: setting(
    text('p,p,…'),
    'mix: how much of the test is intervened; one folder each (0,0.5,0.75,0.9,1)',
    ['mix'],
  ),
  order: setting(choice('latest', 'random'), 'which interactions are held out', ['leave-one-out', 'per-item']),
  maximumShare: setting(number('share'), 'per-item: at most this share of an item’s interactions (1)', ['per-item']),
  validationFrom: setting(text('time'), 'temporal: ISO date, or number as in the data', ['temporal']),
  testFrom: setting(text('time'), 'temporal: ISO date, or number as in the data', ['temporal']),

  dataRoot: setting(text('folder'), 'where catalogue data lies (default: $GRADREC_DATA, else ./data)'),
  format: setting(
    choice('csv', 'list', 'npz', 'parquet', 'u.data', 'ratings.dat'),
    'format of the file (default: told from the file)',
  ),
  userColumn: setting(text('column'), 'column of user ids in the file'),
  itemColumn: setting(text('column'), 'column of item ids in the file'),
  ratingColumn: setting(text('column'), 'column of ratings in the file'),
  timeColumn: setting(text('column'), 'column of times in the file'),
  ignoreTimes: setting(yesOrNo, 'do not read times'),
}

const KEYS = Object.keys(SPLIT_SETTINGS) as Key[]

export const splitArgs: ArgsDef = {
  data: { type: 'positional', required: false, description: 'a file of interactions, or a data set of the catalogue' },
  ...Object.fromEntries(
    KEYS.map((key) => {
      const { kind, description } = SPLIT_SETTINGS[key]
      const type = kind.hint === undefined ? 'boolean' : 'string'
      return [flagOf(key), { type, description, ...(kind.hint !== undefined && { valueHint: kind.hint }) }]
    }),
  ),
  json: { type: 'boolean', description: 'print one JSON document on stdout' },
  quiet: { type: 'boolean', description: 'print results and errors only' },
}

/** The settings among the flags, with the right types. A `UsageError` names the first that is wrong. */
export function splitSettingsOf(flags: Flags): SplitSettings {
  const settings: Partial<Record<Key, unknown>> = {}
  for (const key of KEYS) {
    const value = flags.get(flagOf(key))
    if (value === undefined) continue
    const { kind } = SPLIT_SETTINGS[key]
    const result = v.safeParse<v.GenericSchema>(kind.schema, typeof value === 'string' ? kind.fromText(value) : value)
    if (!result.success) {
      throw new UsageError(`--${flagOf(key)} is "${value}"; expected ${result.issues[0].message}`)
    }
    settings[key] = result.output
  }
  return settings as SplitSettings
}

/** Refuses settings that mean nothing with the chosen preset; a catalogue's protocol takes none that belong to presets. */
export function refuseForPreset(settings: SplitSettings, preset: string): void {
  for (const key of KEYS) {
    const { presets } = SPLIT_SETTINGS[key]
    if (settings[key] === undefined || presets === undefined || presets.some((each) => each === preset)) continue
    throw new UsageError(`--${flagOf(key)} means nothing with --preset ${preset}; it goes with ${presets.join(', ')}`)
  }
}
