import { expect } from 'vitest'

/**
 * Fails at the first number that differs from its expectation by more than `absolute` + `relative` · |expected|, naming its
 * place. Engines add up float32 numbers in their own order and with their own exponentials, so they agree to a tolerance only.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative = 1e-5, absolute = 1e-6 }: { readonly relative?: number; readonly absolute?: number } = {},
): void {
  expect(actual.length).toBe(expected.length)
  for (let n = 0; n < expected.length; n++) {
    const difference = Math.abs(actual[n]! - expected[n]!)
    if (difference <= absolute + relative * Math.abs(expected[n]!)) continue
    expect.fail(`number ${n} is ${actual[n]}; expected ${expected[n]} within ${absolute} + ${relative} relative`)
  }
}
