import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { CATALOGUE, DataMissingError, type Format, type SimulationOptions, type Split } from '@gradrec/data'
import { UsageError } from '../errors.ts'
import { nearestName } from '../nearestName.ts'
import { refuseBeside, type ResolvedSettings } from '../settings/resolveSettings.ts'
import type { TrainSettingKey, TrainSettings } from '../settings/trainSettings.ts'

/** Where the data comes from. `name` is the data set's. */
export type DataSource =
  | { readonly kind: 'simulated'; readonly name: string; readonly options: SimulationOptions }
  | {
      readonly kind: 'catalogue'
      readonly name: string
      readonly root: string
      readonly protocol?: string
      readonly minRating?: number
      readonly seed?: number
    }
  | {
      readonly kind: 'file'
      readonly name: string
      readonly path: string
      readonly format?: Format
      readonly columns: { readonly user?: string; readonly item?: string; readonly rating?: string }
      readonly minRating?: number
      readonly split?: Split
      readonly seed?: number
    }

const WANTS = { simulated: 'simulated data', catalogue: 'a data set of the catalogue', file: 'a file' } as const

/** The settings that only some sources have. */
const ONLY_FOR: readonly (readonly [key: TrainSettingKey, kinds: readonly DataSource['kind'][]])[] = [
  ['dataRoot', ['catalogue']],
  ['protocol', ['catalogue']],
  ['format', ['file']],
  ['userColumn', ['file']],
  ['itemColumn', ['file']],
  ['ratingColumn', ['file']],
  ['split', ['file']],
  ['minRating', ['file', 'catalogue']],
  ['users', ['simulated']],
  ['items', ['simulated']],
  ['trainInteractions', ['simulated']],
  ['validationInteractions', ['simulated']],
  ['testInteractions', ['simulated']],
  ['biasedTestInteractions', ['simulated']],
  ['popularityBias', ['simulated']],
]

/** Tells what `dataset` means, and refuses settings of other sources. A file has to exist; it is not read yet. */
export function dataSourceOf(
  { settings, given }: ResolvedSettings,
  environment: Readonly<Record<string, string | undefined>>,
): DataSource {
  const dataset = settings.dataset ?? 'simulated'
  const source = sourceOf(dataset, settings, environment)
  for (const [key, kinds] of ONLY_FOR) {
    if (kinds.includes(source.kind)) continue
    refuseBeside(given, key, 'dataset', { has: dataset, wants: kinds.map((kind) => WANTS[kind]).join(' or ') })
  }
  if (source.kind === 'file' && !existsSync(source.path)) {
    throw unknownDataset(source.path, given.get('dataset')?.where ?? 'dataset')
  }
  return source
}

function sourceOf(
  dataset: string,
  settings: TrainSettings,
  environment: Readonly<Record<string, string | undefined>>,
): DataSource {
  if (dataset === 'simulated') return { kind: 'simulated', name: dataset, options: simulationOf(settings) }
  const { protocol, minRating, dataSeed: seed, format, split } = settings
  if (CATALOGUE.some((entry) => entry.name === dataset)) {
    const root = settings.dataRoot ?? environment['GRADREC_DATA'] ?? 'data'
    return { kind: 'catalogue', name: dataset, root, ...present({ protocol, minRating, seed }) }
  }
  const columns = present({ user: settings.userColumn, item: settings.itemColumn, rating: settings.ratingColumn })
  const name = basename(dataset)
    .replace(/\.gz$/i, '')
    .replace(/(?<=.)\.[^.]*$/, '')
  const chosen = split === undefined ? undefined : splitOf(split)
  return { kind: 'file', name, path: dataset, columns, ...present({ format, minRating, split: chosen, seed }) }
}

function simulationOf(settings: TrainSettings): SimulationOptions {
  const { users, items, trainInteractions, validationInteractions, testInteractions } = settings
  const { biasedTestInteractions, popularityBias, dataSeed: seed } = settings
  const sizes = { users, items, trainInteractions, validationInteractions, testInteractions, biasedTestInteractions }
  return present({ ...sizes, popularityBias, seed })
}

/** For a file of one's own every split holds out validation and test. */
function splitOf(kind: Split['kind']): Split {
  return kind === 'perItem' ? { kind, validation: 2, test: 2 } : { kind }
}

/** The entries that have a value: an option that is left out is not an option that is `undefined`. */
function present<T extends object>(entries: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as typeof entries as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}

function unknownDataset(dataset: string, where: string): Error {
  if (/[\\/.]/.test(dataset)) {
    return new DataMissingError(`${where} is "${dataset}"; there is no such file: check the path`)
  }
  const names = ['simulated', ...CATALOGUE.map((entry) => entry.name)]
  const nearest = nearestName(dataset, names)
  const advice =
    nearest === undefined ? `expected ${names.join(', ')} or the path of a file` : `did you mean ${nearest}?`
  return new UsageError(`${where} is "${dataset}", which is neither a known data set nor a file; ${advice}`)
}
