import { datasetFromInteractions, simulate, type Dataset } from '@gradrec/data'
import { loadCatalogued, readFile, readSplit, type ReadProgress } from '@gradrec/data/node'
import type { DataSource } from './dataSource.ts'

/** Brings the data in: simulates it, or reads and splits it. */
export async function loadDataset(source: DataSource, onProgress: (progress: ReadProgress) => void): Promise<Dataset> {
  switch (source.kind) {
    case 'simulated':
      return simulate(source.options)
    case 'catalogue': {
      const { name, root, protocol, minRating, seed } = source
      return loadCatalogued(name, root, {
        onProgress,
        ...(protocol !== undefined && { protocol }),
        ...(minRating !== undefined && { minimumRating: minRating }),
        ...(seed !== undefined && { seed }),
      })
    }
    case 'split':
      return readSplit(source.path)
    case 'file': {
      const { name, path, format, columns, minRating, split, seed } = source
      const interactions = await readFile(path, { onProgress, columns, ...(format !== undefined && { format }) })
      return datasetFromInteractions(interactions, {
        name,
        ...(minRating !== undefined && { minimumRating: minRating }),
        ...(split !== undefined && { split }),
        ...(seed !== undefined && { seed }),
      })
    }
  }
}
