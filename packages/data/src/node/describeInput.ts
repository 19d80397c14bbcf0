import { createHash } from 'node:crypto'
import type { InputFile } from '../splitDescription.ts'
import { fileChunks } from './fileChunks.ts'

/** A file's size and SHA-256, read as it stands on disk. Throws `DataMissingError` where it cannot be opened. */
export async function describeInput(path: string): Promise<InputFile> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of fileChunks(path)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { file: path, bytes, sha256: hash.digest('hex') }
}
