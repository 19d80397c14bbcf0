import type { ArgDef, ArgsDef } from 'citty'
import type { Dials } from '@gradrec/core'
import { dialsIn } from './dialsIn.ts'
import type { GivenSettings } from './given.ts'
import { DIALS } from './methodSettings.ts'
import type { Flags } from './parseFlags.ts'
import { resolveSettings, type ResolvedSettings } from './resolveSettings.ts'
import { settingsAmong, trainArgs } from './trainFlags.ts'
import { flagOf, SETTING_GROUPS, SETTING_KEYS, type TrainSettings } from './trainSettings.ts'

/** Settings that say where the data comes from, the same as of `gradrec train`. */
export const DATA_SETTINGS: readonly string[] = settingsOfGroup('Data')

const ENGINE_SETTINGS = ['engine', 'adapter', 'threads'] as const

/** The word that names a trained model. */
export const modelArg: ArgsDef = {
  run: { type: 'positional', required: false, description: 'a run’s folder, or a model.safetensors' },
}

/** For commands that need the data: it is the run's own unless something else is said. */
export const dataArgs: ArgsDef = {
  ...argsOf(DATA_SETTINGS),
  dataset: {
    type: 'string',
    valueHint: 'name|path',
    description: 'where the data the model was trained on is now (default: as the run’s config.json has it)',
  },
}

/** For commands that compute. */
export const engineArgs: ArgsDef = argsOf(ENGINE_SETTINGS)

/** For commands that use a model at other dials than its own. */
export const dialArgs: ArgsDef = Object.fromEntries(
  [...DIALS].map(([name, description]): [string, ArgDef] => [
    flagOf(name),
    { type: 'string', valueHint: 'number', description: `${description}; default: as the model has it` },
  ]),
)

/** For every command. */
export const outputArgs: ArgsDef = {
  json: { type: 'boolean', description: 'print one JSON document on stdout' },
  quiet: { type: 'boolean', description: 'print results and errors only' },
}

/** Headings of the help text by the flag they stand above. */
export const MODEL_FLAG_GROUPS: ReadonlyMap<string, string> = new Map([
  ['dataset', 'Data (default: the run’s own)'],
  ['engine', 'Machine'],
  ['json', 'Output'],
])

/** What was said about the engine, checked for its types. */
export function engineSettingsOf(flags: Flags): TrainSettings {
  return resolveSettings(settingsOnly(flags, ENGINE_SETTINGS), new Map()).settings
}

/** The dials that were said, of whatever method. A `UsageError` for what is no number. */
export function givenDialsOf(flags: Flags): Dials {
  return dialsIn(resolveSettings(settingsOnly(flags, [...DIALS.keys()]), new Map()), [...DIALS.keys()])
}

/** What was said about the data by flags, laid over what a run's file says about it. */
export function dataSettingsOf(flags: Flags, file: GivenSettings): ResolvedSettings {
  const ofData = [...file].filter(([key]) => DATA_SETTINGS.includes(key))
  return resolveSettings(settingsOnly(flags, DATA_SETTINGS), new Map(ofData))
}

/** Flags of a command that mean something else than the setting of the same name are left out. */
function settingsOnly(flags: Flags, keys: readonly string[]): GivenSettings {
  const names = new Set(keys.map(flagOf))
  return settingsAmong(new Map([...flags].filter(([name]) => names.has(name))))
}

function argsOf(keys: readonly string[]): ArgsDef {
  return Object.fromEntries(
    keys.flatMap((key): [string, ArgDef][] => {
      const definition = trainArgs[flagOf(key)]
      return definition === undefined ? [] : [[flagOf(key), definition]]
    }),
  )
}

/** The settings from a heading of the help text to the next. */
function settingsOfGroup(wanted: string): string[] {
  const at = SETTING_GROUPS.findIndex(([heading]) => heading === wanted)
  const [begin, end] = [SETTING_GROUPS[at]?.[1], SETTING_GROUPS[at + 1]?.[1]]
  if (begin === undefined) return []
  return SETTING_KEYS.slice(SETTING_KEYS.indexOf(begin), end === undefined ? undefined : SETTING_KEYS.indexOf(end))
}
