import * as v from 'valibot'
import { UsageError } from '../errors.ts'
import type { Given, GivenSettings } from './given.ts'
import { METHOD_SETTINGS, type MethodSettings } from './methodSettings.ts'
import { SETTINGS, type SettingValues, type TrainSettingKey, type TrainSettings } from './trainSettings.ts'

/** Settings with the right types, and where each came from. */
export interface ResolvedSettings {
  readonly settings: TrainSettings
  /** Options and dials, of whatever method. */
  readonly ofMethods: MethodSettings
  readonly given: GivenSettings
}

/** Settings that mean something only beside certain values of another. */
const ONLY_WITH: readonly (readonly [key: string, selector: TrainSettingKey, ...values: readonly string[]])[] = [
  ['layers', 'backbone', 'lgn'],
  ['selfLoops', 'backbone', 'lgn'],
  ['degreeExponent', 'backbone', 'lgn'],
  ['dropout', 'backbone', 'lgn'],
  ...[...METHOD_SETTINGS].map(([key, { methods }]) => [key, 'method', ...methods] as const),
  ['sd', 'initialisation', 'normal'],
  ['beta1', 'optimizer', 'adam'],
  ['beta2', 'optimizer', 'adam'],
  ['epsilon', 'optimizer', 'adam'],
  ['amsgrad', 'optimizer', 'adam'],
  ['update', 'optimizer', 'adam'],
  ['rateFactor', 'schedule', 'plateau'],
  ['ratePatience', 'schedule', 'plateau'],
  ['rateThreshold', 'schedule', 'plateau'],
  ['minimumRate', 'schedule', 'plateau'],
]

/** Lays flags over the file's settings and checks every value's type; a `UsageError` names the first that is wrong. */
export function resolveSettings(flags: GivenSettings, file: GivenSettings): ResolvedSettings {
  const given = new Map([...file, ...flags])
  const schema = v.strictObject(
    Object.fromEntries([...SETTINGS].map(([key, { kind }]) => [key, v.optional(kind.schema)])),
  )
  const input = Object.fromEntries([...given].map(([key, { value }]) => [key, value]))
  const result = v.safeParse(schema, input, { abortEarly: true })
  if (!result.success) {
    const [issue] = result.issues
    throw wrongValue(given, String(issue.path?.[0]?.key), issue.input, issue.message)
  }
  const ofMethod = ([key]: readonly [string, unknown]): boolean => METHOD_SETTINGS.has(key)
  const all = Object.entries(result.output)
  return {
    settings: Object.fromEntries(all.filter((entry) => !ofMethod(entry))) as TrainSettings,
    ofMethods: Object.fromEntries(all.filter(ofMethod)) as MethodSettings,
    given,
  }
}

/**
 * Refuses settings that mean nothing beside the chosen backbone, method, initialisation, optimizer or schedule.
 *
 * @param chosen with the value of each of these after the recipe had its say
 */
export function refuseMeaningless(given: GivenSettings, chosen: SettingValues): void {
  for (const [key, selector, ...values] of ONLY_WITH) {
    const has = String(chosen[selector])
    if (!values.includes(has)) refuseBeside(given, key, selector, { has, wants: `${selector} ${values.join(' or ')}` })
  }
}

/** Whether a setting means something beside the chosen backbone, method, initialisation, optimizer and schedule. */
export function isMeaningful(key: string, chosen: SettingValues): boolean {
  return ONLY_WITH.every(([only, selector, ...values]) => only !== key || values.includes(String(chosen[selector])))
}

/**
 * Refuses a setting if it was given beside a choice that it means nothing with. One from the file is let go when a flag made
 * the choice: the file may describe another run.
 */
export function refuseBeside(
  given: GivenSettings,
  key: string,
  selector: TrainSettingKey,
  { has, wants }: { readonly has: string; readonly wants: string },
): void {
  const setting = given.get(key)
  if (setting === undefined) return
  if (setting.source === 'file' && given.get(selector)?.source === 'flag') return
  throw new UsageError(`${setting.where} means nothing with ${selector} ${has}; it goes with ${wants}`)
}

/** The one sentence about a value that cannot be meant. */
export function wrongValue(given: GivenSettings, key: string, value: unknown, expected: string): UsageError {
  return new UsageError(`${whereOf(given, key)} is ${shown(value)}; expected ${expected}`)
}

function whereOf(given: ReadonlyMap<string, Given>, key: string): string {
  return given.get(key)?.where ?? key
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`
  return typeof value === 'object' && value !== null ? 'a list or map' : String(value)
}
