import type { Dials } from '@gradrec/core'
import { wrongValue, type ResolvedSettings } from './resolveSettings.ts'

/** The dials of these names among settings. A `UsageError` for one that is no finite number. */
export function dialsIn({ ofMethods, given }: ResolvedSettings, names: readonly string[]): Dials {
  const dials: Record<string, number> = {}
  for (const name of names) {
    const value = ofMethods[name]
    if (value === undefined) continue
    if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongValue(given, name, value, 'a finite number')
    dials[name] = value
  }
  return dials
}
