import { describe, expect, test } from 'vitest'
import { AdamDrift, spanNumber, type AdamOptimizer, type DriftTable } from '../src/index.ts'

const ADAM: AdamOptimizer = {
  kind: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
}

/** F(x) by adding up the steps one by one, in double precision. */
function driftBySteps(
  { learningRate, beta1, beta2, epsilon, amsgrad }: AdamOptimizer,
  s: number,
  length: number,
  x: number,
): number {
  let sum = 0
  for (let k = 1; k <= length; k++) {
    const root = amsgrad ? x : Math.sqrt(beta2 ** k) * x
    sum += (learningRate * beta1 ** k) / (1 - beta1 ** (s + k)) / (root / Math.sqrt(1 - beta2 ** (s + k)) + epsilon)
  }
  return sum
}

function driftFromTable({ epsilon }: AdamOptimizer, { blocks, start }: DriftTable, span: number, x: number): number {
  let sum = 0
  for (let block = start[span]!; block < start[span + 1]!; block++) {
    const [m0, b0, mu2, mu3] = blocks.subarray(4 * block, 4 * block + 4) as unknown as [number, number, number, number]
    const r = 1 / (b0 * x + epsilon)
    const y = b0 * x * r
    sum += m0 * r * (1 + y * y * (mu2 - y * mu3))
  }
  return sum
}

const ROOTS = [0, 1e-12, 1e-9, 1e-8, 1e-6, 1e-3, 1]

describe.each<[string, AdamOptimizer]>([
  ['the usual betas', ADAM],
  ['amsgrad', { ...ADAM, amsgrad: true }],
  ['DICE’s betas', { ...ADAM, beta1: 0.5, beta2: 0.99, amsgrad: true }],
  ['a short memory', { ...ADAM, beta1: 0.5, beta2: 0.9, epsilon: 1e-6 }],
  ['no momentum', { ...ADAM, beta1: 0 }],
])('with %s', (_, optimizer) => {
  test('spans within a horizon drift as the steps do, from the first step on', () => {
    let worst = 0
    for (const firstStep of [0, 1, 7, 100, 1000, 100_000]) {
      const table = new AdamDrift(optimizer).within(firstStep, 20)
      for (let from = firstStep === 0 ? 1 : 0; from <= 20; from++) {
        for (let length = 0; length <= 20 - from; length++) {
          for (const x of ROOTS) {
            const expected = driftBySteps(optimizer, firstStep + from, length, x)
            const found = driftFromTable(optimizer, table, spanNumber(20, from, length), x)
            worst = Math.max(worst, expected === 0 ? Math.abs(found) : Math.abs(found / expected - 1))
          }
        }
      }
    }
    expect(worst).toBeLessThanOrEqual(5e-7)
  })

  test('spans that end now drift as the steps do, recent and long ones', () => {
    const drift = new AdamDrift(optimizer)
    let worst = 0
    for (const target of [0, 1, 5, 150, 900]) {
      const recent = drift.recent(target)
      const long = drift.long(0, target + 1)
      expect(recent.start.length).toBe(drift.fades + 1)
      for (const s of [1, 2, 50, 149, 699, 890, target].filter((step) => step > 0 && step <= target)) {
        const length = target - s
        for (const x of ROOTS) {
          const expected = driftBySteps(optimizer, s, length, x)
          const found =
            length < drift.fades
              ? driftFromTable(optimizer, recent, length, x)
              : driftFromTable(optimizer, long, Math.min(s, drift.settles), x)
          worst = Math.max(worst, expected === 0 ? Math.abs(found) : Math.abs(found / expected - 1))
        }
      }
    }
    expect(worst).toBeLessThanOrEqual(5e-7)
  })

  test('long spans settle: the last of them stands for all later ones', () => {
    const drift = new AdamDrift(optimizer)
    const table = drift.long(0, Infinity)
    expect(table.start.length).toBe(drift.settles + 2)
    for (const x of ROOTS) {
      const expected = driftBySteps(optimizer, 20 * drift.settles, drift.fades, x)
      const found = driftFromTable(optimizer, table, drift.settles, x)
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(5e-7 * expected)
    }
  })
})

test('long spans can be asked for piece by piece', () => {
  const drift = new AdamDrift(ADAM)
  const [first, second] = [drift.long(0, 500), drift.long(500, 800)]
  const whole = new AdamDrift(ADAM).long(0, 800)
  expect([...first.blocks, ...second.blocks]).toEqual([...whole.blocks])
  expect([...first.start, ...second.start.slice(1)]).toEqual([...whole.start])
})

test('after some hundred steps a span takes one block, in the beginning a few', () => {
  const table = new AdamDrift(ADAM).long(0, 2000)
  const blocksOf = (s: number): number => table.start[s + 1]! - table.start[s]!
  expect(blocksOf(0)).toBe(0)
  expect(Math.max(...[1, 2, 5, 20, 100].map(blocksOf))).toBeLessThanOrEqual(40)
  expect([600, 1000, 1999].map(blocksOf)).toEqual([1, 1, 1])
})
