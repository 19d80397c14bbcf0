import { describe, expect, it } from 'vitest'
import { recordStep, unitRows, type Recorded, type RecordOptions, type Samples } from '../src/index.ts'
import { normalTable } from './tinySpec.ts'

const USERS = 3
const ITEMS = 5
const d = 4

function nothing(length: number): Recorded {
  return { recordedPositive: new Float64Array(length), recordedNegative: new Float64Array(length) }
}

/** Users 0 and 1 come twice; item 2 is positive twice and negative once; K = 1. */
const samples: Samples = {
  users: Uint32Array.of(0, 1, 0, 1),
  positives: Uint32Array.of(2, 0, 1, 2),
  negatives: Uint32Array.of(4, 2, 3, 4),
}
const final = Float64Array.from(normalTable((USERS + ITEMS) * d, 0.6))

function recordedBy(change: Partial<RecordOptions>, of: Samples = samples): Recorded {
  const recorded = nothing(final.length)
  recordStep(recorded, final, of, {
    users: USERS,
    dimension: d,
    objective: { kind: 'bpr', l2: 0.1, userNorm: 'unit' },
    recording: 'vector',
    learningRate: 0.01,
    ...change,
  })
  return recorded
}

/** Σ over all items of what both slots hold, number by number of the vector. */
function itemSum({ recordedPositive, recordedNegative }: Recorded): number[] {
  return Array.from({ length: d }, (_, f) => {
    let sum = 0
    for (let at = USERS * d + f; at < final.length; at += d) sum += recordedPositive[at]! + recordedNegative[at]!
    return sum
  })
}

describe('recordStep, one triple by hand', () => {
  // User (3, 4) of length 5, an item nobody names, positive (1, 0), negative (0, 2): unit scores 0.6 and 1.6, raw 3 and 8.
  const hand = Float64Array.of(3, 4, 9, 9, 1, 0, 0, 2)
  const triple: Samples = { users: Uint32Array.of(0), positives: Uint32Array.of(1), negatives: Uint32Array.of(2) }
  const sigma = (x: number): number => 1 / (1 + Math.exp(-x))

  it.each([
    ['vector', 'bpr', 'unit', 1, 1],
    ['vector', 'bce', 'none', 1, 1],
    ['gradient', 'bpr', 'unit', sigma(1), sigma(1)],
    ['gradient', 'bpr', 'none', sigma(5), sigma(5)],
    ['gradient', 'bce', 'unit', sigma(-0.6), sigma(1.6)],
    ['gradient', 'bce', 'none', sigma(-3), sigma(8)],
  ] as const)('%s, %s, user norm %s', (recording, kind, userNorm, up, down) => {
    const recorded = nothing(8)
    const objective = { kind, l2: 7, userNorm }
    recordStep(recorded, hand, triple, { users: 1, dimension: 2, objective, recording, learningRate: 0.5 })
    const [x, y] = userNorm === 'unit' ? [0.6, 0.8] : [3, 4]
    const positive = [1, 0, 0, 0, x, y, 0, 0].map((value) => 0.5 * up * value)
    const negative = [0, 2, 0, 0, 0, 0, x, y].map((value) => -0.5 * down * value)
    for (let at = 0; at < 8; at++) {
      expect(recorded.recordedPositive[at]).toBeCloseTo(positive[at]!, 14)
      expect(recorded.recordedNegative[at]).toBeCloseTo(negative[at]!, 14)
    }
  })

  it('with "gradient", weighs with link, factors and loss weights; with "vector" with nothing', () => {
    const objective = {
      kind: 'bpr',
      l2: 0,
      userNorm: 'unit',
      link: 'elu',
      scoreFactors: Float32Array.of(9, 2, 0.5),
      lossWeights: Float32Array.of(9, 0.25, 5),
    } as const
    // The negative of length −2: products 0.6 and −1.6.
    const below = Float64Array.of(3, 4, 9, 9, 1, 0, 0, -2)
    const x = 2 * 1.6 - 0.5 * Math.exp(-1.6)
    const weights = { gradient: [0.25 * sigma(-x) * 2, 0.25 * sigma(-x) * 0.5 * Math.exp(-1.6)], vector: [1, 1] }
    for (const recording of ['gradient', 'vector'] as const) {
      const recorded = nothing(8)
      recordStep(recorded, below, triple, { users: 1, dimension: 2, objective, recording, learningRate: 0.5 })
      const [up, down] = weights[recording]
      expect(recorded.recordedPositive[0]).toBeCloseTo(0.5 * up! * 1, 14)
      expect(recorded.recordedPositive[5]).toBeCloseTo(0.5 * up! * 0.8, 14)
      expect(recorded.recordedNegative[1]).toBeCloseTo(-0.5 * down! * -2, 14)
      expect(recorded.recordedNegative[7]).toBeCloseTo(-0.5 * down! * 0.8, 14)
    }
  })

  it('with "gradient", weighs the negative with the weight of negatives, which "vector" does not know', () => {
    const objective = { kind: 'bce', l2: 0, negativeWeight: 3 } as const
    for (const recording of ['gradient', 'vector'] as const) {
      const recorded = nothing(8)
      recordStep(recorded, hand, triple, { users: 1, dimension: 2, objective, recording, learningRate: 0.5 })
      const [up, down] = recording === 'gradient' ? [sigma(-3), 3 * sigma(8)] : [1, 1]
      expect(recorded.recordedPositive[0]).toBeCloseTo(0.5 * up, 14)
      expect(recorded.recordedNegative[1]).toBeCloseTo(-0.5 * down * 2, 14)
      expect(recorded.recordedNegative[6]).toBeCloseTo(-0.5 * down * 3, 14)
    }
  })

  it('adds to what is there, and records an item’s pull on a user of zeros', () => {
    const recorded = nothing(8)
    const options = { users: 1, dimension: 2, objective: { kind: 'bpr', l2: 0, userNorm: 'unit' } } as const
    const zeroUser = Float64Array.of(0, 0, 9, 9, 1, 0, 0, 2)
    for (let n = 0; n < 2; n++) {
      recordStep(recorded, zeroUser, triple, { ...options, recording: 'gradient', learningRate: 0.5 })
    }
    expect([...recorded.recordedPositive]).toEqual([0.5, 0, 0, 0, 0, 0, 0, 0])
    // −0 where nothing was pushed away.
    expect(Array.from(recorded.recordedNegative, (value) => value + 0)).toEqual([0, -1, 0, 0, 0, 0, 0, 0])
  })
})

describe('recordStep', () => {
  it('records the same for BPR and BCE in "vector" mode, other things in "gradient" mode', () => {
    const bce = { kind: 'bce', l2: 0.1, userNorm: 'unit' } as const
    expect(recordedBy({ objective: bce })).toEqual(recordedBy({}))
    expect(recordedBy({ objective: bce, recording: 'gradient' })).not.toEqual(recordedBy({ recording: 'gradient' }))
  })

  it.each([
    ['vector', 'bpr'],
    ['vector', 'bce'],
    ['gradient', 'bpr'],
  ] as const)('cancels over all items: %s, %s', (recording, kind) => {
    for (const userNorm of ['none', 'unit'] as const) {
      const recorded = recordedBy({ recording, objective: { kind, l2: 0, userNorm } })
      expect(recorded.recordedPositive.some((value) => value !== 0)).toBe(true)
      for (const value of itemSum(recorded)) expect(Math.abs(value)).toBeLessThan(1e-16)
    }
  })

  it('does not cancel over all items for BCE’s gradient', () => {
    const recorded = recordedBy({ recording: 'gradient', objective: { kind: 'bce', l2: 0, userNorm: 'unit' } })
    expect(Math.hypot(...itemSum(recorded))).toBeGreaterThan(1e-3)
  })

  it('counts a positive once for each of its negatives', () => {
    const of: Samples = { users: Uint32Array.of(1), positives: Uint32Array.of(0), negatives: Uint32Array.of(2, 2, 3) }
    const { recordedPositive, recordedNegative } = recordedBy({ learningRate: 1 }, of)
    const unit = unitRows(final, d).subarray(d, 2 * d)
    const row = (slot: Float64Array, item: number): Float64Array =>
      slot.subarray((USERS + item) * d, (USERS + item + 1) * d)
    for (let f = 0; f < d; f++) {
      expect(row(recordedPositive, 0)[f]).toBeCloseTo(3 * unit[f]!, 14)
      expect(row(recordedNegative, 2)[f]).toBeCloseTo(-2 * unit[f]!, 14)
      expect(row(recordedNegative, 3)[f]).toBeCloseTo(-unit[f]!, 14)
    }
  })
})
