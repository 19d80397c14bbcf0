import { existsSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { CATALOGUE, DataMissingError, type Format, type SimulationOptions, type Split } from '@gradrec/data'
import { isSplitFolder } from '@gradrec/data/node'
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
  /** A folder that `gradrec split` wrote. */
  | { readonly kind: 'split'; readonly name: string; readonly path: string }

const WANTS = {
  simulated: 'simulated data',
  catalogue: 'a data set of the catalogue',
  file: 'a file',
  split: 'a split’s folder',
} as const

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
  ['dataSeed', ['simulated', 'file', 'catalogue']],
  ['users', ['simulated']],
  ['items', ['simulated']],
  ['trainInteractions', ['simulated']],
  ['validationInteractions', ['simulated']],
  ['testInteractions', ['simulated']],
  ['biasedTestInteractions', ['simulated']],
  ['popularityBias', ['simulated']],
]

/** Whether a setting means something for a source of data. */
export function fitsSource(key: string, kind: DataSource['kind']): boolean {
  return ONLY_FOR.every(([only, kinds]) => only !== key || kinds.includes(kind))
}

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
  if (source.kind === 'file') {
    const expected = 'a file of interactions, or a folder that gradrec split wrote (with a split.json)'
    checkFile(source.path, given.get('dataset')?.where ?? 'dataset', { others: ['simulated'], expected })
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
  if (isSplitFolder(dataset)) return { kind: 'split', name: basename(resolve(dataset)), path: dataset }
  const columns = present({ user: settings.userColumn, item: settings.itemColumn, rating: settings.ratingColumn })
  const name = nameOfFile(dataset)
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
  if (kind === 'perItem') return { kind, validation: 2, test: 2 }
  // Cuts at shares and cuts at dates share this kind, so it has to stand alone for the type to be clear.
  return kind === 'temporal' ? { kind, validation: 0.1, test: 0.1 } : { kind }
}

/** The entries that have a value: an option that is left out is not an option that is `undefined`. */
function present<T extends object>(entries: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as typeof entries as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}

/** `data/plays.csv.gz` → `plays`. */
export function nameOfFile(path: string): string {
  return basename(path)
    .replace(/\.gz$/i, '')
    .replace(/(?<=.)\.[^.]*$/, '')
}

/**
 * Refuses a path that is no file.
 *
 * @param where begins the sentence: the flag that gave the path
 * @param wanted names that could have been meant beside those of the catalogue, and what is expected instead of a folder
 */
export function checkFile(
  path: string,
  where: string,
  { others, expected }: { readonly others: readonly string[]; readonly expected: string },
): void {
  if (!existsSync(path)) throw unknownDataset(path, where, [...others, ...CATALOGUE.map((entry) => entry.name)])
  if (statSync(path).isDirectory()) throw new UsageError(`${where} is "${path}", a folder; expected ${expected}`)
}

function unknownDataset(dataset: string, where: string, names: readonly string[]): Error {
  if (/[\\/.]/.test(dataset)) {
    return new DataMissingError(`${where} is "${dataset}"; there is no such file: check the path`)
  }
  const nearest = nearestName(dataset, names)
  const advice =
    nearest === undefined ? `expected ${names.join(', ')} or the path of a file` : `did you mean ${nearest}?`
  return new UsageError(`${where} is "${dataset}", which is neither a known data set nor a file; ${advice}`)
}
