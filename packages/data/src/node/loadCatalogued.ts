import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { assembleCatalogued, type AssembleOptions } from '../assembleCatalogued.ts'
import { catalogueEntry } from '../catalogue.ts'
import type { Dataset } from '../dataset.ts'
import { DataMissingError } from '../errors.ts'
import { fileChunks, type ReadProgress } from './fileChunks.ts'

export interface LoadCataloguedOptions extends AssembleOptions {
  /** Called after every quarter of a mebibyte of each file. */
  readonly onProgress?: (progress: ReadProgress) => void
}

/**
 * Loads a data set of the catalogue from `<root>/<name>/`. Throws `DataMissingError`, naming what is missing and where it
 * comes from, when files are not there; `DataOptionError` for an unknown name or protocol; and all that reading throws.
 */
export async function loadCatalogued(
  name: string,
  root: string,
  options: LoadCataloguedOptions = {},
): Promise<Dataset> {
  const entry = catalogueEntry(name)
  const folder = join(root, entry.name)
  const missing = entry.files.filter((file) => !existsSync(join(folder, file.name)))
  if (missing.length > 0) {
    throw new DataMissingError(
      `${entry.name}: ${missing.map((file) => file.name).join(', ')} ${missing.length === 1 ? 'is' : 'are'} not in ` +
        `${folder}; get the data from ${entry.source} (${entry.licence}) and put the files there, or give the folder that ` +
        'holds them',
    )
  }
  return assembleCatalogued(
    entry,
    (file) => ({ source: join(folder, file), chunks: fileChunks(join(folder, file), options.onProgress) }),
    options,
  )
}
