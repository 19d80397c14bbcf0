/** For logarithmic scales: from the power of ten below the least of values above 0 to that above the largest. */
export function decades(values: readonly number[]): [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value))
  if (positive.length === 0) return [1, 10]
  const low = Math.floor(Math.log10(Math.min(...positive)))
  const high = Math.ceil(Math.log10(Math.max(...positive)))
  return [10 ** low, 10 ** Math.max(high, low + 1)]
}

/** The powers of ten from one end of such a scale to the other. */
export function powersOfTen([low, high]: readonly [number, number]): number[] {
  const first = Math.round(Math.log10(low))
  return Array.from({ length: Math.round(Math.log10(high)) - first + 1 }, (_, n) => 10 ** (first + n))
}
