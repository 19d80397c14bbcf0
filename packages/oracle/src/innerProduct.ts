/** a · b, of two vectors of the same length. */
export function innerProduct(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, f) => sum + value * b[f]!, 0)
}
