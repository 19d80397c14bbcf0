/** A file's bytes in pieces of any size, as `fs.createReadStream`, `Response.body` and `Blob.stream()` give them. */
export type Chunks = AsyncIterable<Uint8Array>

/** The beginning of a stream, and the whole stream again. */
export interface Peeked {
  readonly head: Uint8Array
  /** To be read once. Its `return` closes the stream, read or not. */
  readonly chunks: AsyncIterableIterator<Uint8Array>
}

/** Reads the first `length` bytes, or all where there are fewer, without taking them from the stream. */
export async function peek(chunks: Chunks, length: number): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]()
  const taken: Uint8Array[] = []
  let size = 0
  while (size < length) {
    const next = await iterator.next()
    if (next.done === true) break
    taken.push(next.value)
    size += next.value.length
  }
  const head = joinBytes(taken, size)
  return { head, chunks: replay(head, iterator) }
}

/** All bytes of a stream in one array. */
export async function readAll(chunks: Chunks): Promise<Uint8Array<ArrayBuffer>> {
  const taken: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    taken.push(chunk)
    size += chunk.length
  }
  return joinBytes(taken, size)
}

/** One array as a stream of one chunk. */
export async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Written out rather than as a generator, which would not pass `return` on before its first `next`. */
function replay(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  let pending: Uint8Array | undefined = head
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      if (pending === undefined) return rest.next()
      const value = pending
      pending = undefined
      return { done: false, value }
    },
    async return() {
      await rest.return?.()
      return { done: true, value: undefined }
    },
  }
}

function joinBytes(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
