import { philox4x32, Stream, type Key, type Words } from './philox.ts'

/** The four round keys of permutation number `index` (an epoch, or a step) under a seed's key. */
export function permutationKeys(index: number, key: Key): Words {
  return philox4x32([index, 0, 0, Stream.permutation], key)
}

/**
 * Where position `p` of 0 … n − 1 goes in a keyed random permutation: an eight-round Feistel network on the smallest even
 * number of bits that holds n, walked until the value falls below n. Stateless, so a GPU thread finds its own element of a
 * shuffled epoch without a shuffle buffer.
 *
 * @param n 1 … 2^32 − 1
 */
export function permute(p: number, n: number, keys: Words): number {
  const half = permutationHalfBits(n)
  const mask = 2 ** half - 1
  let value = p
  do {
    let left = value >>> half
    let right = value & mask
    for (let round = 0; round < 8; round++) {
      const roundKey = (keys[round & 3]! + Math.imul(round, 0x9e3779b9)) >>> 0
      const mixed = (left ^ mix(right, roundKey)) & mask
      left = right
      right = mixed
    }
    value = ((left << half) | right) >>> 0
  } while (value >= n)
  return value
}

/** Half the number of bits of the network that `permute` runs for n elements: 1 … 16. */
export function permutationHalfBits(n: number): number {
  const bits = Math.max(2, 32 - Math.clz32(n - 1))
  return (bits + 1) >>> 1
}

function mix(value: number, key: number): number {
  let x = value ^ key
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}
