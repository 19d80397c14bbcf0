import { philox, word0, word1, word2, word3 } from './philox'

/** A whole number drawn uniformly from 0 … bound − 1: packages/engine/src/random/bounded.ts, bit for bit. */
export function boundedInteger(bound: u32, c0: u32, c1: u32, draw: u32, stream: u32, key0: u32, key1: u32): u32 {
  let result: u32 = 0
  for (let block: u32 = 0; block < 4; block++) {
    philox(c0, c1, draw * 256 + block, stream, key0, key1)
    for (let w = 0; w < 4; w++) {
      const word = w === 0 ? word0 : w === 1 ? word1 : w === 2 ? word2 : word3
      const product = <u64>word * bound
      result = <u32>(product >> 32)
      // Accepted where low ≥ (2^32 − bound) mod bound. That threshold is below bound, so most draws need no division.
      const low = <u32>product
      if (low >= bound || low >= (0 - bound) % bound) return result
    }
  }
  return result
}

/** `boundedInteger` of a draw whose first word is known, which nearly always is the one that counts. */
@inline
export function boundedIntegerFrom(
  word: u32,
  bound: u32,
  c0: u32,
  c1: u32,
  draw: u32,
  stream: u32,
  key0: u32,
  key1: u32,
): u32 {
  const product = <u64>word * bound
  if (<u32>product >= bound) return <u32>(product >> 32)
  return boundedInteger(bound, c0, c1, draw, stream, key0, key1)
}
