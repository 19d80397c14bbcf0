import * as v from 'valibot'
import { UsageError } from '../errors.ts'
import type { Given, GivenSettings } from './given.ts'
import { TRAIN_SETTINGS, TRAIN_SETTING_KEYS, type TrainSettingKey, type TrainSettings } from './trainSettings.ts'

/** Settings with the right types, and where each came from. */
export interface ResolvedSettings {
  readonly settings: TrainSettings
  readonly given: GivenSettings
}

/** Settings that mean something only beside a certain value of another. */
const ONLY_WITH: readonly (readonly [key: TrainSettingKey, selector: TrainSettingKey, value: string])[] = [
  ['layers', 'backbone', 'lgn'],
  ['selfLoops', 'backbone', 'lgn'],
  ['degreeExponent', 'backbone', 'lgn'],
  ['dropout', 'backbone', 'lgn'],
  ['userNorm', 'method', 'gradient'],
  ['recording', 'method', 'gradient'],
  ['directionFrom', 'method', 'gradient'],
  ['directionItems', 'method', 'gradient'],
  ['directionUsers', 'method', 'gradient'],
  ['directionScale', 'method', 'gradient'],
  ['alphaItem', 'method', 'gradient'],
  ['alphaUser', 'method', 'gradient'],
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
    Object.fromEntries(TRAIN_SETTING_KEYS.map((key) => [key, v.optional(TRAIN_SETTINGS[key].kind.schema)])),
  )
  const input = Object.fromEntries([...given].map(([key, { value }]) => [key, value]))
  const result = v.safeParse(schema, input, { abortEarly: true })
  if (!result.success) {
    const [issue] = result.issues
    throw wrongValue(given, String(issue.path?.[0]?.key), issue.input, issue.message)
  }
  return { settings: result.output as TrainSettings, given }
}

/**
 * Refuses settings that mean nothing beside the chosen backbone, method, initialisation, optimizer or schedule.
 *
 * @param chosen with the value of each of these after the recipe had its say
 */
export function refuseMeaningless(given: GivenSettings, chosen: TrainSettings): void {
  for (const [key, selector, value] of ONLY_WITH) {
    const has = String(chosen[selector])
    if (has !== value) refuseBeside(given, key, selector, { has, wants: `${selector} ${value}` })
  }
}

/** Whether a setting means something beside the chosen backbone, method, initialisation, optimizer and schedule. */
export function isMeaningful(key: string, chosen: TrainSettings): boolean {
  return ONLY_WITH.every(([only, selector, value]) => only !== key || chosen[selector] === value)
}

/**
 * Refuses a setting if it was given beside a choice that it means nothing with. One from the file is let go when a flag made
 * the choice: the file may describe another run.
 */
export function refuseBeside(
  given: GivenSettings,
  key: TrainSettingKey,
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
