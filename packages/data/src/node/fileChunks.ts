import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { DataMissingError } from '../errors.ts'
import type { Chunks } from '../readers/chunks.ts'

/** How far a file has been read. */
export interface ReadProgress {
  readonly path: string
  readonly bytesRead: number
  readonly totalBytes: number
}

const CHUNK = 1 << 18

/** A file's bytes as a stream, opened when it is first read. Throws `DataMissingError` where it cannot be opened. */
export async function* fileChunks(path: string, onProgress?: (progress: ReadProgress) => void): Chunks {
  let bytesRead = 0
  try {
    const { size } = await stat(path)
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>) {
      bytesRead += chunk.length
      onProgress?.({ path, bytesRead, totalBytes: size })
      yield chunk
    }
  } catch (cause) {
    throw missing(cause, path)
  }
}

/** What the file system refused as a `DataMissingError`, and any other error as it is. */
export function missing(cause: unknown, path: string): unknown {
  return isSystemError(cause) ? new DataMissingError(reasonOf(cause.code, path), { cause }) : cause
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
}

function reasonOf(code: string, path: string): string {
  if (code === 'ENOENT') return `${path}: there is no such file; expected a file to read: check the path`
  if (code === 'EISDIR') return `${path}: this is a folder; expected a file to read`
  if (code === 'EACCES' || code === 'EPERM') return `${path}: this file may not be read; check its permissions`
  return `${path}: the file could not be read (${code})`
}
