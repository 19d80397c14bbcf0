import type { CatalogueEntry, CataloguedProtocol } from './catalogue.ts'
import type { Dataset, Parts } from './dataset.ts'
import {
  datasetFromInteractionParts,
  datasetFromInteractions,
  type InteractionParts,
  type OneOrMore,
} from './datasetFromInteractions.ts'
import { DataOptionError } from './errors.ts'
import type { KCoreOptions } from './filters/kCore.ts'
import type { Interactions } from './interactions.ts'
import type { Chunks } from './readers/chunks.ts'
import { readInteractions } from './readers/readInteractions.ts'
import type { Split } from './splits/split.ts'

export interface AssembleOptions {
  /** One of the entry's protocols. Default: its first. */
  readonly protocol?: string
  /** Instead of a protocol: takes the interactions of all of the entry's files together and splits them so. */
  readonly split?: Split
  /** As in `DatasetFromInteractionsOptions`; for data that does not come in parts, or with `split`. */
  readonly kCore?: KCoreOptions
  /** Instead of the protocol's threshold; for data with ratings only. */
  readonly minimumRating?: number
  /** Seed of what is split off, an integer from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number
}

/** Opens a file of the data set by its name; `source` is what messages show. */
export type OpenFile = (name: string) => { readonly source: string; readonly chunks: Chunks }

/**
 * Reads the files of a catalogued data set and assembles its parts; where the files come from (a folder, a server, a drop
 * zone) is `open`'s business. Throws `DataOptionError` for an unknown protocol, and all that reading throws.
 */
export async function assembleCatalogued(
  entry: CatalogueEntry,
  open: OpenFile,
  options: AssembleOptions = {},
): Promise<Dataset> {
  const protocol = protocolOf(entry, options.protocol)
  const read = async (name: string): Promise<Interactions> => {
    const format = entry.files.find((file) => file.name === name)?.format
    const { source, chunks } = open(name)
    return readInteractions(source, chunks, format === undefined ? {} : { format })
  }
  const minimumRating = options.minimumRating ?? protocol.minimumRating
  const common = {
    name: entry.name,
    seed: options.seed ?? 0,
    ...(minimumRating !== undefined && { minimumRating }),
    ...(options.kCore && { kCore: options.kCore }),
  }
  if (options.split !== undefined) {
    const files: Interactions[] = []
    for (const file of entry.files) files.push(await read(file.name))
    return datasetFromInteractions(files, { ...common, split: options.split })
  }
  const parts: Partial<Record<keyof Parts, OneOrMore<Interactions>>> = {}
  for (const [part, names] of Object.entries(protocol.files) as [keyof Parts, OneOrMore<string>][]) {
    const files: Interactions[] = []
    for (const name of [names].flat()) files.push(await read(name))
    parts[part] = files
  }
  const text = minimumRating === protocol.minimumRating ? protocol.text : `Interactions rated ${minimumRating} or more.`
  return datasetFromInteractionParts(parts as InteractionParts, { ...common, protocol: text, split: protocol.split })
}

function protocolOf(entry: CatalogueEntry, chosen: string | undefined): CataloguedProtocol {
  const names = Object.keys(entry.protocols)
  const name = chosen ?? names[0] ?? ''
  const protocol = Object.hasOwn(entry.protocols, name) ? entry.protocols[name] : undefined
  if (protocol !== undefined) return protocol
  throw new DataOptionError(`${entry.name} has no protocol called ${JSON.stringify(name)}; it has ${names.join(', ')}`)
}
