type Four<T> = readonly [T, T, T, T]

const WORD = 1n << 32n

/**
 * Philox4x32-10 written from the paper's definition (Salmon et al., SC'11) in BigInt, where a 64-bit product is just a
 * product. It shares no code with the engine's and exists to check it.
 */
export function philoxReference(
  counter: Four<number>,
  key: readonly [number, number],
): [number, number, number, number] {
  let x: Four<bigint> = [BigInt(counter[0]), BigInt(counter[1]), BigInt(counter[2]), BigInt(counter[3])]
  for (let round = 0n; round < 10n; round++) {
    // Each round adds the Weyl constants (golden ratio and √3 − 1, times 2^32) to the key once more.
    const key0 = (BigInt(key[0]) + round * 0x9e3779b9n) % WORD
    const key1 = (BigInt(key[1]) + round * 0xbb67ae85n) % WORD
    const product0 = 0xd2511f53n * x[0]
    const product1 = 0xcd9e8d57n * x[2]
    x = [(product1 / WORD) ^ x[1] ^ key0, product1 % WORD, (product0 / WORD) ^ x[3] ^ key1, product0 % WORD]
  }
  return [Number(x[0]), Number(x[1]), Number(x[2]), Number(x[3])]
}
