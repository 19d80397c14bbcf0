// Philox4x32-10: the same words as packages/engine/src/random/philox.ts, bit for bit.

export const STREAM_USER: u32 = 1
export const STREAM_POSITIVE: u32 = 2
export const STREAM_NEGATIVE: u32 = 3
export const STREAM_PERMUTATION: u32 = 4
export const STREAM_DROPOUT: u32 = 7
export const STREAM_NEGATIVE_KIND: u32 = 9

/** The four words of the last call of `philox`. */
export let word0: u32 = 0
export let word1: u32 = 0
export let word2: u32 = 0
export let word3: u32 = 0

export function philox(c0: u32, c1: u32, c2: u32, c3: u32, key0: u32, key1: u32): void {
  for (let round = 0; round < 10; round++) {
    const product0 = <u64>c0 * 0xd2511f53
    const product1 = <u64>c2 * 0xcd9e8d57
    c0 = <u32>(product1 >> 32) ^ c1 ^ key0
    c1 = <u32>product1
    c2 = <u32>(product0 >> 32) ^ c3 ^ key1
    c3 = <u32>product0
    key0 += 0x9e3779b9
    key1 += 0xbb67ae85
  }
  word0 = c0
  word1 = c1
  word2 = c2
  word3 = c3
}

/**
 * Four calls of `philox` that differ in c2 alone. Writes the first words of the four calls, then the second, third and fourth:
 * 64 bytes.
 */
export function philoxFour(
  words: usize,
  first0: u32,
  first1: u32,
  c2: v128,
  first3: u32,
  key0: u32,
  key1: u32,
): void {
  const multiplier0 = i32x4.splat(0xd2511f53)
  const multiplier1 = i32x4.splat(0xcd9e8d57)
  let c0 = i32x4.splat(first0)
  let c1 = i32x4.splat(first1)
  let c3 = i32x4.splat(first3)
  for (let round = 0; round < 10; round++) {
    const product0 = i64x2.extmul_low_i32x4_u(c0, multiplier0)
    const product0High = i64x2.extmul_high_i32x4_u(c0, multiplier0)
    const product1 = i64x2.extmul_low_i32x4_u(c2, multiplier1)
    const product1High = i64x2.extmul_high_i32x4_u(c2, multiplier1)
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(product1, product1High, 1, 3, 5, 7), c1), i32x4.splat(key0))
    c1 = v128.shuffle<i32>(product1, product1High, 0, 2, 4, 6)
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(product0, product0High, 1, 3, 5, 7), c3), i32x4.splat(key1))
    c3 = v128.shuffle<i32>(product0, product0High, 0, 2, 4, 6)
    key0 += 0x9e3779b9
    key1 += 0xbb67ae85
  }
  v128.store(words, c0)
  v128.store(words, c1, 16)
  v128.store(words, c2, 32)
  v128.store(words, c3, 48)
}
