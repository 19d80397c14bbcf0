import { alignParts } from './alignParts.ts'
import type { Dataset, Parts } from './dataset.ts'
import { datasetFromParts } from './datasetFromParts.ts'
import type { Interactions } from './interactions.ts'
import { splitInteractions, type Split } from './splits/split.ts'

export interface DatasetFromInteractionsOptions {
  readonly name: string
  /** Keep interactions rated at least this; by default all. */
  readonly minimumRating?: number
  /** How validation and test are held out. Default `{ kind: 'iidByUser' }`: 10 % of each user's interactions for each. */
  readonly split?: Split
  /** Seed of the split, an integer from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number
}

/**
 * One file of interactions to a data set: threshold, one numbering, no repeated pairs, split. Throws `DataOptionError`,
 * `EmptyDataError` and `DataShapeError`.
 */
export async function datasetFromInteractions(
  interactions: Interactions,
  options: DatasetFromInteractionsOptions,
): Promise<Dataset> {
  const { name, minimumRating, split = { kind: 'iidByUser' }, seed = 0 } = options
  const { users, items, matrices, repairs } = alignParts([interactions], minimumRating)
  const { parts, protocol } = splitInteractions(matrices[0]!, split, seed)
  const threshold = minimumRating === undefined ? '' : `Interactions rated ${minimumRating} or more. `
  return datasetFromParts({ name, users, items, parts, repairs, protocol: `${threshold}${protocol}` })
}

export interface DatasetFromFilesOptions extends DatasetFromInteractionsOptions {
  /** How the files came about, one or two sentences; what `split` adds is added to it. */
  readonly protocol: string
}

/** Files that are parts already. */
export type InteractionParts = { readonly [Name in keyof Parts]: Interactions }

/**
 * Several files, each one part, to a data set. A part that there is no file for can be split off the training interactions
 * by `split`, whose default here is `{ kind: 'none' }`; a file's part goes before a split's. Throws as
 * `datasetFromInteractions` does.
 */
export async function datasetFromInteractionParts(
  files: InteractionParts,
  options: DatasetFromFilesOptions,
): Promise<Dataset> {
  const { name, minimumRating, split = { kind: 'none' }, seed = 0 } = options
  const { train, ...others } = files
  const given = Object.entries(others) as [keyof Parts, Interactions][]
  const { users, items, matrices, repairs } = alignParts(
    [train, ...given.map(([, interactions]) => interactions)],
    minimumRating,
  )
  const [trainMatrix, ...otherMatrices] = matrices
  const made = splitInteractions(trainMatrix!, split, seed)
  const otherParts = Object.fromEntries(given.map(([part], p) => [part, otherMatrices[p]]))
  const protocol = split.kind === 'none' ? options.protocol : `${options.protocol} ${made.protocol}`
  return datasetFromParts({ name, users, items, parts: { ...made.parts, ...otherParts }, repairs, protocol })
}
