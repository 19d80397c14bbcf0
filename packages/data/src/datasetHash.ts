import { GradrecError, type Csr } from '@gradrec/engine'
import type { Parts } from './dataset.ts'
import type { IdMap } from './idMap.ts'

/** The first bytes of what is hashed; a change of the layout below takes a new number. */
const VERSION = 'gradrec dataset 1\n'

/** Parts in the order they are hashed. */
const PART_NAMES = ['train', 'intervenedTrain', 'validation', 'test', 'biasedTest'] as const

/**
 * SHA-256, in hex, over the ids and the parts of a data set: neither its name nor how it was read counts. Everything is
 * written little-endian whatever the machine: the version line; for users, then items, the number of ids and each id as the
 * length of its UTF-8 text and the text; for each part there is, its name as an id, the number of pairs, the row pointers and
 * the columns.
 *
 * Throws a `GradrecError` with code `E_CRYPTO` where the platform offers no SHA-256 (a browser page that is not secure).
 */
export async function datasetHash(users: IdMap, items: IdMap, parts: Parts): Promise<string> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined
  if (subtle === undefined) {
    throw new GradrecError(
      'E_CRYPTO',
      'this page cannot compute SHA-256, because crypto.subtle exists in secure contexts only; serve it from https or localhost',
    )
  }
  const bytes = new ByteList()
  bytes.text(VERSION)
  for (const ids of [users, items]) writeIds(bytes, ids)
  for (const name of PART_NAMES) {
    const part = parts[name]
    if (part !== undefined) writePart(bytes, name, part)
  }
  const digest = await subtle.digest('SHA-256', bytes.finish())
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function writeIds(bytes: ByteList, ids: IdMap): void {
  bytes.number(ids.size)
  for (let index = 0; index < ids.size; index++) bytes.text(ids.idOf(index))
}

function writePart(bytes: ByteList, name: string, part: Csr): void {
  bytes.text(name)
  bytes.number(part.columns.length)
  bytes.numbers(part.rowPointer)
  bytes.numbers(part.columns)
}

/** A growing list of bytes: unsigned 32-bit little-endian numbers, and texts with their length before them. */
class ByteList {
  #bytes = new Uint8Array(1 << 16)
  #view = new DataView(this.#bytes.buffer)
  #length = 0
  readonly #encoder = new TextEncoder()

  number(value: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.#length, value, true)
    this.#length += 4
  }

  numbers(values: Uint32Array): void {
    this.#reserve(4 * values.length)
    for (let k = 0; k < values.length; k++) this.#view.setUint32(this.#length + 4 * k, values[k]!, true)
    this.#length += 4 * values.length
  }

  text(value: string): void {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    this.#reserve(4 + 3 * value.length)
    const { written } = this.#encoder.encodeInto(value, this.#bytes.subarray(this.#length + 4))
    this.number(written)
    this.#length += written
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}
