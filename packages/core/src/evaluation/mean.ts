/** The mean of some numbers; 0 of none. */
export function mean(values: Float64Array): number {
  if (values.length === 0) return 0
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
