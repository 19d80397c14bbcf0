/** A 128-bit Philox counter; the last word is the stream, so that no two uses ever share a draw. */
export type Counter = readonly [number, number, number, number]
export type Words = [number, number, number, number]

/** A Philox key: the seed's low and high 32 bits. */
export type Key = readonly [number, number]

/** Streams in use. A new kind of draw takes a new number; engines must agree on all of them. */
export const Stream = {
  user: 1,
  positive: 2,
  negative: 3,
  permutation: 4,
  initialisation: 5,
  split: 6,
  dropout: 7,
  bootstrap: 8,
  negativeKind: 9,
  simulator: 16,
} as const

/** Splits a seed (an integer from 0 to 2^53 − 1) into a Philox key. */
export function keyOfSeed(seed: number): Key {
  return [seed >>> 0, Math.floor(seed / 4294967296) >>> 0]
}

/**
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11): four 32-bit words that depend on
 * nothing but counter and key, so any thread of any engine can draw any number of any step.
 */
export function philox4x32(counter: Counter, key: Key): Words {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0)
    const low0 = Math.imul(0xd2511f53, c0) >>> 0
    const high1 = multiplyHigh(0xcd9e8d57, c2)
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  return [c0, c1, c2, c3]
}

/** The high 32 bits of the 64-bit product of two unsigned 32-bit integers. */
export function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const low = aLow * bLow
  // No sum passes 2^32, so shifts are safe: (2^16 − 1)² + 2^16 − 1 = 2^32 − 2^16.
  const middle = aHigh * bLow + (low >>> 16)
  const carry = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) >>> 0
}
