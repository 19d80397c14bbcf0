import { DataFormatError } from '../errors.ts'
import type { Chunks } from './chunks.ts'

/** Whether these bytes begin a gzip stream. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/**
 * Decompresses a gzip stream as it comes. Throws `DataFormatError` where the stream is cut short or damaged; an error of the
 * source itself comes through unchanged.
 */
export async function* gunzip(source: string, chunks: Chunks): AsyncGenerator<Uint8Array> {
  const inflater = new DecompressionStream('gzip')
  const reader = inflater.readable.getReader()
  // Settles and never rejects: what went wrong in the file system is told apart below from what is wrong with the bytes.
  const feeding = feed(inflater.writable.getWriter(), chunks)
  try {
    for (;;) {
      const next = await reader.read()
      if (next.done) return
      yield next.value
    }
  } catch (cause) {
    const sourceError = await feeding
    if (sourceError !== undefined) throw sourceError.error
    throw new DataFormatError(
      { source },
      'the gzip stream is damaged or cut short; expected a complete .gz file: download or copy it again',
      { cause },
    )
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

async function feed(
  writer: WritableStreamDefaultWriter<BufferSource>,
  chunks: Chunks,
): Promise<{ readonly error: unknown } | undefined> {
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    for (;;) {
      let next: IteratorResult<Uint8Array>
      try {
        next = await iterator.next()
      } catch (error) {
        await writer.abort(error)
        return { error }
      }
      if (next.done === true) break
      await writer.write(next.value as Uint8Array<ArrayBuffer>)
    }
    await writer.close()
  } catch {
    // The reading side sees the same failure and reports it.
  } finally {
    await iterator.return?.().catch(() => undefined)
  }
  return undefined
}
