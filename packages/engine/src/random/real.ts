import { philox4x32, type Key } from './philox.ts'

/** A double drawn uniformly from the open interval (0, 1), with 52 random bits. */
export function uniformReal(c0: number, c1: number, c2: number, stream: number, key: Key): number {
  const [high, low] = philox4x32([c0, c1, c2, stream], key)
  return toUnit(high, low)
}

/** Two independent standard normal draws (Box–Muller) from one counter. */
export function normalPair(c0: number, c1: number, c2: number, stream: number, key: Key): [number, number] {
  const [a, b, c, d] = philox4x32([c0, c1, c2, stream], key)
  const radius = Math.sqrt(-2 * Math.log(toUnit(a, b)))
  const angle = 2 * Math.PI * toUnit(c, d)
  return [radius * Math.cos(angle), radius * Math.sin(angle)]
}

/**
 * 52 random bits, moved half a step up so that 0 never comes out (a logarithm is often next). With 53 bits the half step
 * would be rounded away, and the largest value to 1.
 */
function toUnit(high: number, low: number): number {
  return ((high >>> 6) * 67108864 + (low >>> 6) + 0.5) / 4503599627370496
}
