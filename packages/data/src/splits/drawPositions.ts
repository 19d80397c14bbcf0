import { boundedInteger, Stream, type Key } from '@gradrec/engine'

/**
 * `wanted` distinct numbers of 0 … count − 1 in random order (a Fisher–Yates shuffle stopped early). Draw k comes from the
 * counter (c0, c1, k) of `Stream.split`, so that asking for more numbers does not change the first ones.
 */
export function drawPositions(wanted: number, count: number, c0: number, c1: number, key: Key): Uint32Array {
  const order = new Uint32Array(count)
  for (let k = 0; k < count; k++) order[k] = k
  for (let k = 0; k < wanted; k++) {
    const other = k + boundedInteger(count - k, c0, c1, k, Stream.split, key)
    const drawn = order[other]!
    order[other] = order[k]!
    order[k] = drawn
  }
  return order.subarray(0, wanted)
}
