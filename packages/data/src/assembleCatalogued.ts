import type { CatalogueEntry } from './catalogue.ts'
import type { Dataset, Parts } from './dataset.ts'
import { datasetFromInteractionParts, type InteractionParts } from './datasetFromInteractions.ts'
import { DataOptionError } from './errors.ts'
import type { Interactions } from './interactions.ts'
import type { Chunks } from './readers/chunks.ts'
import { readInteractions } from './readers/readInteractions.ts'

export interface AssembleOptions {
  /** One of the entry's protocols. Default: its first. */
  readonly protocol?: string
  /** Instead of the protocol's threshold; for data with ratings only. */
  readonly minimumRating?: number
  /** Seed of what the protocol splits off, an integer from 0 to 2^53 − 1. Default 0. */
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
  const names = Object.keys(entry.protocols)
  const chosen = options.protocol ?? names[0] ?? ''
  const protocol = Object.hasOwn(entry.protocols, chosen) ? entry.protocols[chosen] : undefined
  if (protocol === undefined) {
    throw new DataOptionError(
      `${entry.name} has no protocol called ${JSON.stringify(chosen)}; it has ${names.join(', ')}`,
    )
  }
  const parts: Partial<Record<keyof Parts, Interactions>> = {}
  for (const [part, name] of Object.entries(protocol.files) as [keyof Parts, string][]) {
    const format = entry.files.find((file) => file.name === name)?.format
    const { source, chunks } = open(name)
    parts[part] = await readInteractions(source, chunks, format === undefined ? {} : { format })
  }
  const minimumRating = options.minimumRating ?? protocol.minimumRating
  const text = minimumRating === protocol.minimumRating ? protocol.text : `Interactions rated ${minimumRating} or more.`
  return datasetFromInteractionParts(parts as InteractionParts, {
    name: entry.name,
    protocol: text,
    split: protocol.split,
    seed: options.seed ?? 0,
    ...(minimumRating !== undefined && { minimumRating }),
  })
}
