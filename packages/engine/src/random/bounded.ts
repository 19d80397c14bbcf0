import { multiplyHigh, philox4x32, type Key } from './philox.ts'

/** Philox blocks tried before a biased word is taken; reached with probability below (bound / 2^32)^16. */
const BLOCKS = 4

/**
 * A whole number drawn uniformly from 0 … bound − 1 (Lemire's multiply-and-reject, exact). Word w of block k comes from the
 * counter `[c0, c1, draw · 256 + k, stream]`, words in order, the first accepted one used.
 *
 * @param bound 1 … 2^32 − 1
 * @param draw number of the draw within (c0, c1, stream), below 2^24
 */
export function boundedInteger(bound: number, c0: number, c1: number, draw: number, stream: number, key: Key): number {
  const threshold = (4294967296 - bound) % bound
  let result = 0
  for (let block = 0; block < BLOCKS; block++) {
    for (const word of philox4x32([c0, c1, draw * 256 + block, stream], key)) {
      result = multiplyHigh(word, bound)
      if (Math.imul(word, bound) >>> 0 >= threshold) return result
    }
  }
  return result
}
