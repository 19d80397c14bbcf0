import type { ArgDef, ArgsDef } from 'citty'
import type { GivenSettings } from './given.ts'
import type { Flags } from './parseFlags.ts'
import { resolveSettings, type ResolvedSettings } from './resolveSettings.ts'
import { settingsAmong, trainArgs } from './trainFlags.ts'
import {
  flagOf,
  SETTING_GROUPS,
  TRAIN_SETTING_KEYS,
  type TrainSettingKey,
  type TrainSettings,
} from './trainSettings.ts'

/** Settings that say where the data comes from, the same as of `gradrec train`. */
export const DATA_SETTINGS: readonly TrainSettingKey[] = settingsOfGroup('Data')

const ENGINE_SETTINGS = ['engine', 'adapter', 'threads'] as const
const DIAL_SETTINGS = ['alphaItem', 'alphaUser'] as const

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
export const dialArgs: ArgsDef = {
  'alpha-item': {
    type: 'string',
    valueHint: 'number',
    description: 'how much of the popular direction to subtract (default: as the model has it)',
  },
  'alpha-user': {
    type: 'string',
    valueHint: 'number',
    description: 'how much of the conformity direction to subtract (default: as the model has it)',
  },
}

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

/** What was said about engine and dials, checked for its types. */
export function modelSettingsOf(flags: Flags): TrainSettings {
  return resolveSettings(settingsOnly(flags, [...ENGINE_SETTINGS, ...DIAL_SETTINGS]), new Map()).settings
}

/** What was said about the data by flags, laid over what a run's file says about it. */
export function dataSettingsOf(flags: Flags, file: GivenSettings): ResolvedSettings {
  const ofData = [...file].filter(([key]) => (DATA_SETTINGS as readonly string[]).includes(key))
  return resolveSettings(settingsOnly(flags, DATA_SETTINGS), new Map(ofData))
}

/** Flags of a command that mean something else than the setting of the same name are left out. */
function settingsOnly(flags: Flags, keys: readonly TrainSettingKey[]): GivenSettings {
  const names = new Set(keys.map(flagOf))
  return settingsAmong(new Map([...flags].filter(([name]) => names.has(name))))
}

function argsOf(keys: readonly TrainSettingKey[]): ArgsDef {
  return Object.fromEntries(
    keys.flatMap((key): [string, ArgDef][] => {
      const definition = trainArgs[flagOf(key)]
      return definition === undefined ? [] : [[flagOf(key), definition]]
    }),
  )
}

/** The settings from a heading of the help text to the next. */
function settingsOfGroup(wanted: string): TrainSettingKey[] {
  const at = SETTING_GROUPS.findIndex(([heading]) => heading === wanted)
  const [begin, end] = [SETTING_GROUPS[at]?.[1], SETTING_GROUPS[at + 1]?.[1]]
  if (begin === undefined) return []
  return TRAIN_SETTING_KEYS.slice(
    TRAIN_SETTING_KEYS.indexOf(begin),
    end === undefined ? undefined : TRAIN_SETTING_KEYS.indexOf(end),
  )
}
