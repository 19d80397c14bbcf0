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

  test('spans up to a step drift as the steps do, however long, and however the tables were asked for', () => {
    const drift = new AdamDrift(optimizer)
    for (const target of [0, 1, 5, 150, 151, 900]) {
      const table = drift.upTo(target)
      expect(table.start.length).toBe(target + 2)
      expect(table).toEqual({ ...new AdamDrift(optimizer).upTo(target), settled: table.settled })
      for (const s of [1, 2, 50, 149, 890].filter((step) => step <= target)) {
        for (const x of ROOTS) {
          const expected = driftBySteps(optimizer, s, target - s, x)
          expect(Math.abs(driftFromTable(optimizer, table, s, x) - expected)).toBeLessThanOrEqual(5e-7 * expected)
        }
      }
    }
  })
})

test('after some hundred steps a span takes one block, in the beginning a few', () => {
  const table = new AdamDrift(ADAM).upTo(2000)
  const blocksOf = (s: number): number => table.start[s + 1]! - table.start[s]!
  expect(blocksOf(0)).toBe(0)
  expect(Math.max(...[1, 2, 5, 20, 100].map(blocksOf))).toBeLessThanOrEqual(40)
  expect([600, 1000, 1999].map(blocksOf)).toEqual([1, 1, 1])
})

test('spans that have settled are not sent again', () => {
  const drift = new AdamDrift(ADAM)
  expect(drift.upTo(1000).settled).toBe(0)
  const second = drift.upTo(1064)
  expect(second.settled).toBeGreaterThan(700)
  expect(second.settled).toBeLessThan(1000)
})
