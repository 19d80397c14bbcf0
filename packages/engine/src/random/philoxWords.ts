import type { Key } from './philox.ts'

/**
 * Fills `words` with the blocks of `philox4x32` at the counters [firstBlock, c1, c2, stream], [firstBlock + 1, c1, c2, stream] …,
 * four words a block: for millions of draws in a row, where an array for each block would cost more than the draw.
 *
 * @param words its length is a multiple of 4
 */
export function philoxWords(
  words: Uint32Array,
  firstBlock: number,
  c1: number,
  c2: number,
  stream: number,
  key: Key,
): void {
  for (let at = 0; at < words.length; at += 4) {
    // The rounds of `philox4x32` on signed 32-bit integers; only the halves of products have to be unsigned.
    let w0 = (firstBlock + (at >>> 2)) | 0
    let w1 = c1 | 0
    let w2 = c2 | 0
    let w3 = stream | 0
    let k0 = key[0] | 0
    let k1 = key[1] | 0
    for (let round = 0; round < 10; round++) {
      const low0 = w0 & 0xffff
      const high0 = w0 >>> 16
      const middle0 = (Math.imul(high0, 0x1f53) >>> 0) + (Math.imul(low0, 0x1f53) >>> 16)
      const carry0 = (Math.imul(low0, 0xd251) >>> 0) + (middle0 & 0xffff)
      const product0 = (Math.imul(high0, 0xd251) >>> 0) + (middle0 >>> 16) + (carry0 >>> 16)
      const low2 = w2 & 0xffff
      const high2 = w2 >>> 16
      const middle2 = (Math.imul(high2, 0x8d57) >>> 0) + (Math.imul(low2, 0x8d57) >>> 16)
      const carry2 = (Math.imul(low2, 0xcd9e) >>> 0) + (middle2 & 0xffff)
      const product2 = (Math.imul(high2, 0xcd9e) >>> 0) + (middle2 >>> 16) + (carry2 >>> 16)
      const next1 = Math.imul(w2, 0xcd9e8d57)
      const next3 = Math.imul(w0, 0xd2511f53)
      w0 = product2 ^ w1 ^ k0
      w2 = product0 ^ w3 ^ k1
      w1 = next1
      w3 = next3
      k0 = (k0 + 0x9e3779b9) | 0
      k1 = (k1 + 0xbb67ae85) | 0
    }
    words[at] = w0
    words[at + 1] = w1
    words[at + 2] = w2
    words[at + 3] = w3
  }
}
