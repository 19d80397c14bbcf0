import { CATALOGUE, SPLIT_PRESETS, type CatalogueEntry, type KCoreOptions, type Split } from '@gradrec/data'
import { UsageError } from '../errors.ts'
import { nearestName } from '../nearestName.ts'
import { refuseForPreset, type SplitSettings } from '../settings/splitSettings.ts'

/** One split to make. */
export interface WantedSplit {
  /** Absent: the catalogue's protocol `preset`. */
  readonly split?: Split
  /** Folder below `--out` where one command makes several. */
  readonly folder?: string
}

/** The shares of Fig. 7 of the paper. */
const FIGURE_7 = '0,0.5,0.75,0.9,1'

/** The name of the preset or protocol, and the splits that it stands for. A `UsageError` says what cannot be meant. */
export function wantedSplits(
  settings: SplitSettings,
  entry: CatalogueEntry | undefined,
): { readonly preset: string; readonly wanted: readonly WantedSplit[] } {
  const presets = Object.keys(SPLIT_PRESETS)
  const protocols = Object.keys(entry?.protocols ?? {}).filter((name) => isShippedProtocol(entry, name))
  const known = [...new Set([...protocols, ...presets])]
  const { preset } = settings
  if (preset === undefined) throw new UsageError(`--preset is missing; expected one of ${known.join(', ')}`)
  if (!known.includes(preset)) {
    const nearest = nearestName(preset, known)
    const advice = nearest === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${nearest}?`
    throw new UsageError(`--preset is "${preset}", which is no way to split; ${advice}`)
  }
  if (protocols.includes(preset)) {
    refuseForPreset(settings, `${preset} of ${entry?.name}, which comes in parts`)
    return { preset, wanted: [{}] }
  }
  refuseForPreset(settings, preset)
  const split = SPLIT_PRESETS[preset as keyof typeof SPLIT_PRESETS]
  if (split.kind !== 'mix') return { preset, wanted: [{ split: splitWith(split, settings) }] }
  const shares = sharesOf(settings.intervenedShare ?? FIGURE_7)
  const wanted = shares.map((intervenedShare) => ({
    split: { ...splitWith(split, settings), intervenedShare } as Split,
    ...(shares.length > 1 && { folder: `p-${intervenedShare}` }),
  }))
  return { preset, wanted }
}

/** The k-core that is asked for, if one is. */
export function kCoreOf(settings: SplitSettings): KCoreOptions | undefined {
  const { kCore, kCoreUsers = kCore, kCoreItems = kCore, kCoreOnce = false } = settings
  if (kCoreUsers === undefined && kCoreItems === undefined) {
    if (kCoreOnce)
      throw new UsageError('--k-core-once means nothing alone; it goes with --k-core, --k-core-users or --k-core-items')
    return undefined
  }
  return {
    ...(kCoreUsers !== undefined && { users: kCoreUsers }),
    ...(kCoreItems !== undefined && { items: kCoreItems }),
    passes: kCoreOnce ? 'once' : 'untilStable',
  }
}

/** Whether a protocol joins files that are parts, so that no split of ours can stand for it. */
export function isShippedProtocol(entry: CatalogueEntry | undefined, name: string): boolean {
  return Object.keys(entry?.protocols[name]?.files ?? {}).length > 1
}

function splitWith(split: Split, settings: SplitSettings): Split {
  const { validation, test, intervenedTrain, weightCap, order, maximumShare } = settings
  const given = Object.entries({ validation, test, intervenedTrain, weightCap, order, maximumShare }).filter(
    ([, value]) => value !== undefined,
  )
  const cut = split.kind === 'temporal' ? momentsOf(settings) : undefined
  return cut === undefined ? ({ ...split, ...Object.fromEntries(given) } as Split) : { kind: 'temporal', ...cut }
}

function momentsOf({
  validation,
  test,
  validationFrom,
  testFrom,
}: SplitSettings): { readonly validationFrom: number; readonly testFrom: number } | undefined {
  if (testFrom === undefined) {
    if (validationFrom === undefined) return undefined
    throw new UsageError('--validation-from needs --test-from, the time at which validation ends')
  }
  if (validation !== undefined || test !== undefined) {
    throw new UsageError(
      '--test-from cuts at a time and --validation and --test at shares; expected one of the two ways',
    )
  }
  const tested = momentOf('--test-from', testFrom)
  return {
    validationFrom: validationFrom === undefined ? tested : momentOf('--validation-from', validationFrom),
    testFrom: tested,
  }
}

/** A number as it is, or an ISO date, in UTC unless it says otherwise, as seconds since 1970. */
function momentOf(flag: string, given: string): number {
  const isNumber = given.trim() !== '' && Number.isFinite(Number(given))
  const zoned = /T\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(given) ? `${given}Z` : given
  const moment = isNumber ? Number(given) : /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(zoned) / 1000 : Number.NaN
  if (!Number.isNaN(moment)) return moment
  throw new UsageError(`${flag} is "${given}"; expected an ISO date such as 2026-01-31, or a number as in the data`)
}

function sharesOf(list: string): readonly number[] {
  const shares = list.split(',').map((each) => (each.trim() === '' ? Number.NaN : Number(each)))
  const bad = shares.findIndex((share) => !(share >= 0 && share <= 1))
  if (bad < 0) return [...new Set(shares)]
  throw new UsageError(`--intervened-share is "${list}"; expected numbers from 0 to 1, separated by commas`)
}

/** The entry of the catalogue that a name stands for, if any. */
export function entryNamed(name: string): CatalogueEntry | undefined {
  return CATALOGUE.find((entry) => entry.name === name)
}
