const decoder = new TextDecoder()

/** Decimal places whose power of ten, like the digits before it, is exact in a double: dividing rounds once, correctly. */
const POWERS = Array.from({ length: 16 }, (_, places) => 10 ** places)

/**
 * The decimal number written in `bytes[start … end − 1]`, or NaN for anything else: words, nothing, "Infinity", "0x10" and
 * numbers beyond the range of a double. Up to 15 digits are read without making a string.
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  const negative = bytes[at] === 0x2d
  if (negative) at++
  let digits = 0
  let value = 0
  let places = -1
  for (; at < end; at++) {
    const byte = bytes[at]!
    if (byte === 0x2e && places < 0) {
      places = 0
      continue
    }
    if (byte < 0x30 || byte > 0x39) break
    value = value * 10 + (byte - 0x30)
    digits++
    if (places >= 0) places++
  }
  if (at === end && digits > 0 && digits <= 15) {
    const size = places > 0 ? value / POWERS[places]! : value
    return negative ? -size : size
  }
  const text = decoder.decode(bytes.subarray(start, end))
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number.NaN
  const number = Number(text)
  return Number.isFinite(number) ? number : Number.NaN
}
