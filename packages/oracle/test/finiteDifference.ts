/**
 * The gradient of f at x by fourth-order central differences, one coordinate at a time:
 * (8 (f(x + h) − f(x − h)) − (f(x + 2h) − f(x − 2h))) / 12h, in error by about h⁴ + 10⁻¹⁶/h.
 */
export function finiteDifference(f: (x: Float64Array) => number, x: Float64Array, h = 1e-3): Float64Array {
  return x.map((_, at) => {
    const moved = (by: number): number => f(x.with(at, x[at]! + by))
    return (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
  })
}

/**
 * The largest relative error of a gradient's coordinates. Coordinates below a thousandth of the largest are held to that
 * thousandth: what rounding leaves of f would drown them.
 */
export function gradientError(gradient: Float64Array, expected: Float64Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return gradient.reduce((worst, value, at) => {
    const scale = Math.max(Math.abs(expected[at]!), 1e-3 * largest)
    return Math.max(worst, Math.abs(value - expected[at]!) / scale)
  }, 0)
}
