import { open, type FileHandle } from 'node:fs/promises'
import type { RandomAccess } from '../readers/readParquet.ts'
import { missing, type ReadProgress } from './fileChunks.ts'

/** A file opened to be read from anywhere. Throws `DataMissingError` where it cannot be opened or read. */
export async function openFileAccess(
  path: string,
  onProgress?: (progress: ReadProgress) => void,
): Promise<RandomAccess & { close(): Promise<void> }> {
  let handle: FileHandle
  try {
    handle = await open(path)
  } catch (cause) {
    throw missing(cause, path)
  }
  const { size } = await handle.stat()
  let bytesRead = 0
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start))
      try {
        for (let at = 0; at < bytes.length;) {
          const read = await handle.read(bytes, at, bytes.length - at, start + at)
          if (read.bytesRead === 0) return bytes.buffer.slice(0, at)
          at += read.bytesRead
        }
      } catch (cause) {
        throw missing(cause, path)
      }
      bytesRead += bytes.length
      onProgress?.({ path, bytesRead: Math.min(bytesRead, size), totalBytes: size })
      return bytes.buffer
    },
    close: () => handle.close(),
  }
}
