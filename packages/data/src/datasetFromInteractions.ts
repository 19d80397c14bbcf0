import { alignParts, type AlignedParts } from './alignParts.ts'
import type { Dataset, Parts } from './dataset.ts'
import { datasetFromParts } from './datasetFromParts.ts'
import { DataOptionError } from './errors.ts'
import { countKCore, kCore, type KCoreOptions } from './filters/kCore.ts'
import { restrictToCore, type IdentifiedPairs } from './filters/restrictToCore.ts'
import type { Interactions } from './interactions.ts'
import { looksAtTimes, splitInteractions, type Split } from './splits/split.ts'

/** What one part is made of: a file, or several that belong together. */
export type OneOrMore<T> = T | readonly T[]

export interface DatasetFromInteractionsOptions {
  readonly name: string
  /** Keep interactions rated at least this; by default all. */
  readonly minimumRating?: number
  /** Keep users and items with enough interactions, counted after the threshold and without repeats; by default all. */
  readonly kCore?: KCoreOptions
  /** How validation and test are held out. Default `{ kind: 'iidByUser' }`: 10 % of each user's interactions for each. */
  readonly split?: Split
  /** Seed of the split, an integer from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number
}

/**
 * Interactions of one file, or of several taken together, to a data set. In this order: threshold, one numbering, no repeated
 * pairs, k-core, split. Of a pair that occurs more than once the earliest time counts. Throws `DataOptionError`,
 * `EmptyDataError` and `DataShapeError`.
 */
export async function datasetFromInteractions(
  interactions: OneOrMore<Interactions>,
  options: DatasetFromInteractionsOptions,
): Promise<Dataset> {
  const { name, minimumRating, split = { kind: 'iidByUser' }, seed = 0 } = options
  const aligned = alignParts([listOf(interactions)], minimumRating)
  const { repairs } = aligned
  const { users, items, ...pairs } = coreOf(trainingOf(aligned, split), options, repairs)
  const { parts, protocol } = splitInteractions(pairs, split, seed)
  const filters = `${thresholdSentence(minimumRating)}${coreSentence(options.kCore)}`
  return datasetFromParts({ name, users, items, parts, repairs, protocol: `${filters}${protocol}` })
}

export interface DatasetFromFilesOptions extends DatasetFromInteractionsOptions {
  /** How the files came about, one or two sentences; what `split` adds is added to it. */
  readonly protocol: string
}

/** Files that are parts already. */
export type InteractionParts = { readonly [Name in keyof Parts]: OneOrMore<Interactions> }

/**
 * Several files, each one part or a piece of one, to a data set. A part that there is no file for can be split off the training
 * interactions by `split`, whose default here is `{ kind: 'none' }`; a file's part goes before a split's. A k-core is for
 * training interactions that stand alone. Throws as `datasetFromInteractions` does.
 */
export async function datasetFromInteractionParts(
  files: InteractionParts,
  options: DatasetFromFilesOptions,
): Promise<Dataset> {
  const { name, minimumRating, split = { kind: 'none' }, seed = 0 } = options
  const { train, ...others } = files
  const given = Object.entries(others) as [keyof Parts, OneOrMore<Interactions>][]
  if (options.kCore !== undefined && given.length > 0) {
    throw new DataOptionError(
      `${name}: a k-core means nothing for data that comes in parts (${given.map(([part]) => part).join(', ')}), since it ` +
        'would have to be drawn before them; leave it out, or split all interactions anew',
    )
  }
  const aligned = alignParts([listOf(train), ...given.map(([, each]) => listOf(each))], minimumRating)
  const { repairs } = aligned
  const { users, items, ...pairs } = coreOf(trainingOf(aligned, split), options, repairs)
  const made = splitInteractions(pairs, split, seed)
  const otherParts = Object.fromEntries(given.map(([part], p) => [part, aligned.matrices[p + 1]]))
  const protocol = [options.protocol, coreSentence(options.kCore).trimEnd(), split.kind === 'none' ? '' : made.protocol]
  return datasetFromParts({
    name,
    users,
    items,
    parts: { ...made.parts, ...otherParts },
    repairs,
    protocol: protocol.filter((sentence) => sentence !== '').join(' '),
  })
}

function listOf(interactions: OneOrMore<Interactions>): readonly Interactions[] {
  return 'source' in interactions ? [interactions] : interactions
}

function trainingOf(aligned: AlignedParts, split: Split): IdentifiedPairs {
  const { users, items, matrices } = aligned
  return { users, items, matrix: matrices[0]!, time: looksAtTimes(split) ? aligned.timesOf(0) : undefined }
}

function coreOf(
  pairs: IdentifiedPairs,
  { name, kCore: options }: DatasetFromInteractionsOptions,
  repairs: AlignedParts['repairs'],
): IdentifiedPairs {
  if (options === undefined) return pairs
  const core = kCore(pairs.matrix, options)
  countKCore(core, options, name, repairs)
  return restrictToCore(pairs, core)
}

function thresholdSentence(minimumRating: number | undefined): string {
  return minimumRating === undefined ? '' : `Interactions rated ${minimumRating} or more. `
}

function coreSentence(core: KCoreOptions | undefined): string {
  if (core === undefined) return ''
  const { users = 1, items = 1, passes = 'untilStable' } = core
  const how = passes === 'once' ? 'items, then users, filtered once' : 'filtered until stable'
  return `Users with ${users} items or more and items with ${items} users or more (${how}). `
}
