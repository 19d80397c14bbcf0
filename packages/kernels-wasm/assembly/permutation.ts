// A keyed random permutation of 0 … n − 1: packages/engine/src/random/permutation.ts, bit for bit.
import { philox, STREAM_PERMUTATION, word0, word1, word2, word3 } from './philox'

let roundKey0: u32 = 0
let roundKey1: u32 = 0
let roundKey2: u32 = 0
let roundKey3: u32 = 0

/** Chooses the permutation of number `index` that `permute` computes next. */
export function choosePermutation(index: u32, key0: u32, key1: u32): void {
  philox(index, 0, 0, STREAM_PERMUTATION, key0, key1)
  roundKey0 = word0
  roundKey1 = word1
  roundKey2 = word2
  roundKey3 = word3
}

export function permute(p: u32, n: u32): u32 {
  let bits: u32 = 32 - clz(n - 1)
  if (bits < 2) bits = 2
  const half = (bits + 1) >> 1
  const mask: u32 = (1 << half) - 1
  let value = p
  do {
    let left = value >> half
    let right = value & mask
    // Two rounds at a time exchange left and right by name alone.
    left = (left ^ mix(right, roundKey0)) & mask
    right = (right ^ mix(left, roundKey1 + 0x9e3779b9)) & mask
    left = (left ^ mix(right, roundKey2 + 2 * 0x9e3779b9)) & mask
    right = (right ^ mix(left, roundKey3 + 3 * 0x9e3779b9)) & mask
    left = (left ^ mix(right, roundKey0 + 4 * 0x9e3779b9)) & mask
    right = (right ^ mix(left, roundKey1 + 5 * 0x9e3779b9)) & mask
    left = (left ^ mix(right, roundKey2 + 6 * 0x9e3779b9)) & mask
    right = (right ^ mix(left, roundKey3 + 7 * 0x9e3779b9)) & mask
    value = (left << half) | right
  } while (value >= n)
  return value
}

@inline
function mix(value: u32, key: u32): u32 {
  let x = value ^ key
  x = (x ^ (x >> 16)) * 0x85ebca6b
  x = (x ^ (x >> 13)) * 0xc2b2ae35
  return x ^ (x >> 16)
}
