import { keyOfSeed, multiplyHigh, philoxWords, type Key } from '@gradrec/engine'

/** Words drawn at once: 16 KiB, which stay in a cache. */
const DRAWN_AT_ONCE = 4096

/** One stream of Philox words, in order: for loops that take millions, of which no one needs to be found again by its number. */
export class RandomWords {
  readonly #key: Key
  readonly #stream: number
  readonly #lane: number
  readonly #words = new Uint32Array(DRAWN_AT_ONCE)
  #block = 0
  #next = DRAWN_AT_ONCE

  /** @param lane number of an independent sequence within the stream, an unsigned 32-bit integer */
  constructor(seed: number, stream: number, lane = 0) {
    this.#key = keyOfSeed(seed)
    this.#stream = stream
    this.#lane = lane
  }

  /** An unsigned 32-bit integer. */
  next(): number {
    if (this.#next === DRAWN_AT_ONCE) {
      // The counter's second word goes on where the first has gone round.
      philoxWords(
        this.#words,
        this.#block >>> 0,
        Math.floor(this.#block / 2 ** 32),
        this.#lane,
        this.#stream,
        this.#key,
      )
      this.#block += DRAWN_AT_ONCE / 4
      this.#next = 0
    }
    return this.#words[this.#next++]!
  }

  /** A whole number drawn uniformly from 0 … bound − 1 (Lemire's multiply-and-reject, exact). `bound`: 1 … 2^32 − 1. */
  below(bound: number): number {
    let word = this.next()
    // Only words whose low product lies below `bound` can be among those to reject.
    let low = Math.imul(word, bound) >>> 0
    if (low < bound) {
      const threshold = (4294967296 - bound) % bound
      while (low < threshold) {
        word = this.next()
        low = Math.imul(word, bound) >>> 0
      }
    }
    return multiplyHigh(word, bound)
  }

  /** A number drawn uniformly from the open interval (0, 1), with 32 random bits. */
  unit(): number {
    return (this.next() + 0.5) / 4294967296
  }
}
