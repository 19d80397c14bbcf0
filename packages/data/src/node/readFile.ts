import type { Interactions } from '../interactions.ts'
import { readInteractions, type ReadOptions } from '../readers/readInteractions.ts'
import { fileChunks, type ReadProgress } from './fileChunks.ts'

export interface ReadFileOptions extends ReadOptions {
  /** Called after every quarter of a mebibyte. */
  readonly onProgress?: (progress: ReadProgress) => void
}

/**
 * Reads a file of interactions of any format there is (see `readInteractions`). Throws `DataMissingError` where it cannot be
 * opened, and all that `readInteractions` throws.
 */
export function readFile(path: string, options: ReadFileOptions = {}): Promise<Interactions> {
  return readInteractions(path, fileChunks(path, options.onProgress), options)
}
