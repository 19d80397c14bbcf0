import { LimitError } from '@gradrec/engine'
import type { IdMap } from './idMap.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/** Whole numbers below this are looked up directly: a table of at most 16 MiB. */
const SMALL = 1 << 22

/**
 * A growing `IdMap` that keeps every distinct id once, as its UTF-8 bytes in one arena, found through an open-addressed hash
 * table. Readers add ids straight from the file's bytes, so a file of ten million rows makes no strings at all, and what
 * comes back is exactly what stood in the file: "007" and "7" are different ids. About 24 bytes an id beside its text.
 */
export class IdTable implements IdMap {
  #size = 0
  #arena: Uint8Array = new Uint8Array(4096)
  /** Where id r begins in the arena; entry `size` is the arena's end. */
  #offsets: Uint32Array = new Uint32Array(257)
  #hashes: Uint32Array = new Uint32Array(256)
  /** Row number + 1, or 0 for a free slot; the length is a power of two, at least twice the size. */
  #slots: Uint32Array = new Uint32Array(512)
  /** Row number + 1 of the ids that are small whole numbers, by their value: most ids are, and one look-up finds them. */
  #direct: Uint32Array = new Uint32Array(1024)

  get size(): number {
    return this.#size
  }

  /** The row number of the id `bytes[start … end − 1]` (UTF-8), which becomes the next row if it is new. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const number = smallNumber(bytes, start, end)
    if (number >= 0 && number < this.#direct.length && this.#direct[number] !== 0) return this.#direct[number]! - 1
    const hash = hashOf(bytes, start, end)
    const slot = this.#find(bytes, start, end, hash)
    const found = this.#slots[slot]!
    if (found !== 0) return found - 1
    const index = this.#append(bytes, start, end, hash, slot)
    if (number >= 0) this.#setDirect(number, index)
    return index
  }

  /** The same for a string. */
  addText(id: string): number {
    const bytes = encoder.encode(id)
    return this.add(bytes, 0, bytes.length)
  }

  idOf(index: number): string {
    return decoder.decode(this.bytesOf(index))
  }

  /** The id's UTF-8 bytes, as a view that later additions may leave behind. */
  bytesOf(index: number): Uint8Array {
    if (!Number.isInteger(index) || index < 0 || index >= this.#size) {
      throw new RangeError(`there is no row ${index}; expected 0 … ${this.#size - 1}`)
    }
    return this.#arena.subarray(this.#offsets[index], this.#offsets[index + 1])
  }

  indexOf(id: string): number | undefined {
    const bytes = encoder.encode(id)
    const found = this.#slots[this.#find(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length))]!
    // The encoder turns half a surrogate pair into U+FFFD: comparing the text keeps such a string unknown.
    return found !== 0 && this.idOf(found - 1) === id ? found - 1 : undefined
  }

  #find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = hash & mask
    for (;;) {
      const entry = slots[slot]!
      if (entry === 0) return slot
      if (this.#hashes[entry - 1] === hash && this.#equals(entry - 1, bytes, start, end)) return slot
      slot = (slot + 1) & mask
    }
  }

  #equals(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const begin = this.#offsets[index]!
    if (this.#offsets[index + 1]! - begin !== end - start) return false
    const arena = this.#arena
    for (let p = start, a = begin; p < end; p++, a++) if (bytes[p] !== arena[a]) return false
    return true
  }

  #append(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const index = this.#size
    const begin = this.#offsets[index]!
    const needed = begin + end - start
    if (needed > 0xffffffff) throw new LimitError('the ids take more than 4 GiB of text', needed, 0xffffffff)
    if (needed > this.#arena.length) {
      const grown = new Uint8Array(Math.min(0xffffffff, Math.max(needed, this.#arena.length * 2)))
      grown.set(this.#arena)
      this.#arena = grown
    }
    if (index === this.#hashes.length) this.#growRows()
    this.#arena.set(bytes.subarray(start, end), begin)
    this.#offsets[index + 1] = needed
    this.#hashes[index] = hash
    this.#slots[slot] = index + 1
    this.#size++
    if (this.#size * 2 > this.#slots.length) this.#growSlots()
    return index
  }

  #setDirect(number: number, index: number): void {
    if (number >= this.#direct.length) {
      const direct = new Uint32Array(Math.min(SMALL, Math.max(number + 1, this.#direct.length * 2)))
      direct.set(this.#direct)
      this.#direct = direct
    }
    this.#direct[number] = index + 1
  }

  #growRows(): void {
    const offsets = new Uint32Array(this.#hashes.length * 2 + 1)
    offsets.set(this.#offsets)
    this.#offsets = offsets
    const hashes = new Uint32Array(this.#hashes.length * 2)
    hashes.set(this.#hashes)
    this.#hashes = hashes
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#hashes[index]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = index + 1
    }
    this.#slots = slots
  }
}

/** FNV-1a, with a final mix because the table looks at the low bits alone and ids often differ in the last digit only. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let p = start; p < end; p++) hash = Math.imul(hash ^ bytes[p]!, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** The value of an id that is a whole number below `SMALL`, written without leading zeros; −1 for any other. */
function smallNumber(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length === 0 || length > 7 || (bytes[start] === 0x30 && length > 1)) return -1
  let value = 0
  for (let p = start; p < end; p++) {
    const digit = bytes[p]! - 0x30
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value < SMALL ? value : -1
}
