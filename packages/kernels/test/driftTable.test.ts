import { expect, test } from 'vitest'
import { driftNumbers } from '../src/driftTable.ts'

const EPSILON = 1e-8
/** Powers that come before the spans: wgsl/drift.wgsl. */
const POWERS = 256 + 4096
const ROOTS = Array.from({ length: 29 }, (_, n) => 10 ** (-14 + n / 2))

type Betas = Parameters<typeof driftNumbers>[0]

/** Σ_{k=1…length} a_k / (b_k x + ε), as dense Adam moves a row by, term by term. */
function driftOf({ beta1, beta2, amsgrad }: Betas, s: number, length: number, x: number): number {
  const rootDecay = amsgrad ? 1 : Math.sqrt(beta2)
  let sum = 0
  for (let k = 1; k <= length; k++) {
    const b = rootDecay ** k / Math.sqrt(1 - beta2 ** (s + k))
    sum += beta1 ** k / (1 - beta1 ** (s + k)) / (b * x + EPSILON)
  }
  return sum
}

/** An endless span from the table, as wgsl/drift.wgsl adds it up. */
function endless({ numbers, settles }: ReturnType<typeof driftNumbers>, s: number, x: number): number {
  const place = 4 * (POWERS + 2 * Math.min(s, settles))
  const term = (at: number): number => {
    const [m0, b0, mu2, mu3] = numbers.subarray(at, at + 4) as unknown as [number, number, number, number]
    const r = 1 / (b0 * x + EPSILON)
    const y = b0 * x * r
    return m0 * r * (1 + y * y * (mu2 - y * mu3))
  }
  let sum = term(place)
  for (let block = 0; block < numbers[place + 7]!; block++) sum += term(4 * (numbers[place + 6]! + block))
  return sum
}

const BETAS: readonly (readonly [string, Betas])[] = [
  ['Adam', { beta1: 0.9, beta2: 0.999, amsgrad: false }],
  ['amsgrad', { beta1: 0.9, beta2: 0.999, amsgrad: true }],
  ['short memories', { beta1: 0.5, beta2: 0.9, amsgrad: false }],
  ['long memories', { beta1: 0.98, beta2: 0.9999, amsgrad: false }],
]

test.each(BETAS)('with the betas of %s, spans are the difference of endless ones', (_, betas) => {
  const table = driftNumbers(betas)
  for (const s of [0, 1, 3, 30, 300, 3000, 300_000]) {
    for (const length of [table.fewSteps + 1, 2 * table.fewSteps, table.fades - 1, 10 * table.fades]) {
      for (const x of ROOTS) {
        const rootDecay = betas.amsgrad ? 1 : betas.beta2 ** (length / 2)
        let found = endless(table, s, x)
        if (length < table.fades) found -= betas.beta1 ** length * endless(table, s + length, rootDecay * x)
        const expected = driftOf(betas, s, Math.min(length, 3 * table.fades), x)
        // 2e-7 of each endless span may be missing, and the first is at most twice the difference.
        expect(Math.abs(found / expected - 1)).toBeLessThan(1e-6)
      }
    }
  }
})

test('corrections are those of the step that a span begins with', () => {
  const { numbers, settles } = driftNumbers({ beta1: 0.9, beta2: 0.999, amsgrad: false })
  for (const s of [0, 1, 100, settles]) {
    const [rate, inverseRoot] = numbers.subarray(4 * (POWERS + 2 * s) + 4)
    expect(rate).toBeCloseTo(1 / (1 - 0.9 ** (s + 1)), 5)
    expect(inverseRoot).toBeCloseTo(1 / Math.sqrt(1 - 0.999 ** (s + 1)), 4)
  }
})

test('without momentum nothing drifts', () => {
  const table = driftNumbers({ beta1: 0, beta2: 0.999, amsgrad: false })
  for (const s of [1, 100]) for (const x of ROOTS) expect(endless(table, s, x)).toBe(0)
  expect(table.numbers.every(Number.isFinite)).toBe(true)
})
