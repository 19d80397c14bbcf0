/** ln(1 + e^x), without overflow for large x or cancellation for small: max(x, 0) + ln(1 + e^−|x|). Its derivative is σ(x). */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

/** The logistic function σ(x) = 1 / (1 + e^−x), with the exponential taken of −|x| so that it never overflows. */
export function sigmoid(x: number): number {
  const small = Math.exp(-Math.abs(x))
  return x >= 0 ? 1 / (1 + small) : small / (1 + small)
}
