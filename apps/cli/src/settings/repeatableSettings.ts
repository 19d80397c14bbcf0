import type { TrainConfig } from '@gradrec/core'
import { fitsSource, type DataSource } from '../data/dataSource.ts'
import { isMeaningful, type ResolvedSettings } from './resolveSettings.ts'
import { settingsOf } from './trainConfigOf.ts'
import type { SettingValues } from './trainSettings.ts'

/**
 * Settings that give a run again, for its `config.json`: everything it was trained with, and of what was said besides (where the
 * data is, what computes) all that means something for this run. A file's settings that a flag made meaningless are gone.
 */
export function repeatableSettings(
  { settings, ofMethods }: Pick<ResolvedSettings, 'settings' | 'ofMethods'>,
  source: DataSource['kind'],
  config: TrainConfig,
): SettingValues {
  const trained = settingsOf(config)
  const all = Object.entries({ dataset: 'simulated', ...settings, ...ofMethods, ...trained })
  return Object.fromEntries(all.filter(([key]) => isMeaningful(key, trained) && fitsSource(key, source)))
}
