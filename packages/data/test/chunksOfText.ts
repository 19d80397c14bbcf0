import type { Chunks } from '../src/index.ts'

/** A text, or bytes, as a stream of chunks of `size` bytes (all in one by default). */
export async function* chunksOfText(content: string | Uint8Array, size = Infinity): Chunks {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const step = Math.min(size, Math.max(1, bytes.length))
  for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step)
}

/** The same, cut in two at one place. */
export async function* chunksCutAt(content: string | Uint8Array, at: number): Chunks {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  yield bytes.slice(0, at)
  yield bytes.slice(at)
}
