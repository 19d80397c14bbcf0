/**
 * How far a chi-square statistic lies from what chance gives, in standard deviations of a normal variable (Wilson & Hilferty
 * 1931). Draws are seeded, so a test on it either always passes or always fails.
 */
export function chiSquareDeviation(statistic: number, degrees: number): number {
  const spread = 2 / (9 * degrees)
  return (Math.cbrt(statistic / degrees) - (1 - spread)) / Math.sqrt(spread)
}

/** The deviation of counts that should be equally likely. */
export function uniformDeviation(counts: ArrayLike<number>): number {
  const all = Array.from(counts)
  const expected = all.reduce((sum, count) => sum + count, 0) / all.length
  const statistic = all.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return chiSquareDeviation(statistic, all.length - 1)
}
