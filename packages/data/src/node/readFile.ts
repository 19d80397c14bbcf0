import type { Interactions } from '../interactions.ts'
import { isParquet } from '../readers/detectFormat.ts'
import { readInteractions, type ReadOptions } from '../readers/readInteractions.ts'
import { readParquet } from '../readers/readParquet.ts'
import { openFileAccess } from './fileAccess.ts'
import { fileChunks, type ReadProgress } from './fileChunks.ts'

export interface ReadFileOptions extends ReadOptions {
  /** Called after every quarter of a mebibyte. */
  readonly onProgress?: (progress: ReadProgress) => void
}

/**
 * Reads a file of interactions of any format there is (see `readInteractions`); Parquet in place, row group by row group. Throws `DataMissingError` where it cannot be
 * opened, and all that `readInteractions` throws.
 */
export async function readFile(path: string, options: ReadFileOptions = {}): Promise<Interactions> {
  const format = options.format ?? ((await beginsParquet(path)) ? 'parquet' : undefined)
  if (format !== 'parquet') return readInteractions(path, fileChunks(path, options.onProgress), options)
  const file = await openFileAccess(path, options.onProgress)
  try {
    return await readParquet(path, file, options)
  } finally {
    await file.close()
  }
}

async function beginsParquet(path: string): Promise<boolean> {
  const file = await openFileAccess(path)
  try {
    return isParquet(new Uint8Array(await file.slice(0, 4)))
  } finally {
    await file.close()
  }
}
