import type { ArgsDef } from 'citty'
import type { Flags } from './parseFlags.ts'
import type { Given, GivenSettings } from './given.ts'
import { flagOf, SETTING_GROUPS, SETTINGS } from './trainSettings.ts'

/** A flag for every setting, and those that are no setting of a run. */
export const trainArgs: ArgsDef = {
  ...Object.fromEntries(
    [...SETTINGS].map(([key, { kind, description }]) => {
      const type = kind.hint === undefined ? 'boolean' : 'string'
      return [flagOf(key), { type, description, ...(kind.hint !== undefined && { valueHint: kind.hint }) }]
    }),
  ),
  resume: { type: 'string', valueHint: 'runs/name', description: 'go on with a run that was stopped, in its folder' },
  config: { type: 'string', valueHint: 'file', description: 'YAML or JSON file of settings; flags win over it' },
  json: { type: 'boolean', description: 'print the results as one JSON document on stdout' },
  quiet: { type: 'boolean', description: 'print results and errors only' },
}

/** Headings of the help text by the flag they stand above. */
export const TRAIN_FLAG_GROUPS: ReadonlyMap<string, string> = new Map(
  SETTING_GROUPS.map(([heading, first]) => [flagOf(first), heading]),
)

/** The settings among the flags. */
export function settingsAmong(flags: Flags): GivenSettings {
  const given = new Map<string, Given>()
  for (const [key, { kind }] of SETTINGS) {
    const value = flags.get(flagOf(key))
    if (value === undefined) continue
    const meant: unknown = typeof value === 'string' ? kind.fromText(value) : value
    given.set(key, { value: meant, source: 'flag', where: `--${flagOf(key)}` })
  }
  return given
}
