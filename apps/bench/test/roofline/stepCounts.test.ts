import { csrFromPairs, interactionGraph, stepsPerEpoch, type Csr, type FitSpec } from '@gradrec/engine'
import { sampleStep } from '@gradrec/oracle'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnRows } from '../../src/roofline/drawnRows.ts'
import { countSteps } from '../../src/roofline/stepCounts.ts'

const ADAM = {
  kind: 'adam',
  learningRate: 0.1,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
} as const

const specOf = (interactions: Csr, changes: Partial<FitSpec> = {}): FitSpec => ({
  dimension: 4,
  interactions,
  backbone: { kind: 'mf' },
  objective: { kind: 'bpr', l2: 0 },
  sampler: { positives: 'interaction', negatives: 2, distinct: true },
  optimizer: ADAM,
  batch: 3,
  seed: 5,
  initialTable: new Float32Array(4 * (interactions.rows + interactions.columnCount)),
  ...changes,
})

/** Four users by five items, seven interactions. */
const SMALL = csrFromPairs([0, 0, 1, 1, 2, 3, 3], [0, 1, 0, 2, 4, 3, 0], 4, 5)

describe('the rows of a step', () => {
  it('are those that every engine draws', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 1, max: 4 }), fc.nat(1000), (distinct, negatives, seed) => {
        const spec = specOf(SMALL, { seed, sampler: { positives: 'interaction', negatives, distinct } })
        const { ofStep } = drawnRows(spec)
        for (let step = 0; step < 2 * stepsPerEpoch(spec); step++) {
          const { users, positives, negatives: drawn } = sampleStep(spec, step)
          const expected = [...users].flatMap((user, slot) => [
            user,
            4 + (positives[slot] ?? 0),
            ...[...drawn.subarray(slot * negatives, (slot + 1) * negatives)].map((item) => 4 + item),
          ])
          expect([...ofStep(step)]).toEqual(expected)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('cannot be told for other ways of sampling', () => {
    const sampler = { positives: 'user', negatives: 1 } as const
    expect(() => drawnRows(specOf(SMALL, { sampler }))).toThrow(RangeError)
  })
})

describe('the counts of steps', () => {
  const spec = specOf(SMALL, { backbone: { kind: 'lgn', layers: 2, selfLoops: true } })
  const { ofStep } = drawnRows(spec)

  it('are means of what steps touch', () => {
    const steps = [1, 2].map((step) => [...ofStep(step)])
    const graph = interactionGraph(SMALL, { selfLoops: true })
    const neighbours = (row: number): number[] => [
      ...graph.columns.subarray(graph.rowPointer[row], graph.rowPointer[row + 1]),
    ]
    const mean = (of: (rows: number[]) => number): number => steps.reduce((sum, rows) => sum + of(rows), 0) / 2
    const repeatedUsers = (rows: number[]): number[] =>
      rows.filter((row) => row < 4 && rows.indexOf(row) !== rows.lastIndexOf(row))
    const counts = countSteps(spec, { first: 1, count: 2, horizon: 3, window: 1, carries: 'nowhere' })
    expect(counts).toMatchObject({
      dimension: 4,
      negatives: 2,
      rows: 9,
      users: 4,
      items: 5,
      moments: 2,
      layers: 2,
      edges: 2 * 7 + 9,
      longRows: 0,
      horizon: 3,
      positives: mean((rows) => rows.length / 4),
      touchedRows: mean((rows) => new Set(rows).size),
      touchedUsers: mean((rows) => new Set(rows.filter((row) => row < 4)).size),
      repeatedSlots: mean((rows) => repeatedUsers(rows).length),
      repeatedUsers: mean((rows) => new Set(repeatedUsers(rows)).size),
      recordedItems: mean(
        (rows) =>
          new Set(rows.filter((_, place) => place % 4 === 1)).size +
          new Set(rows.filter((_, place) => place % 4 > 1)).size,
      ),
      touchedEdges: mean((rows) => [...new Set(rows)].flatMap(neighbours).length),
      touchedNeighbours: mean((rows) => new Set(rows.flatMap(neighbours)).size),
    })
  })

  it('share what several steps record together', () => {
    const sides = [(place: number) => place === 1, (place: number) => place > 1]
    const rows = [0, 1].flatMap((step) => [...ofStep(step)])
    const different = sides.map((isOf) => new Set(rows.filter((_, place) => isOf(place % 4))).size)
    const { recordedItems } = countSteps(spec, { first: 0, count: 2, horizon: 3, window: 2, carries: 'nowhere' })
    expect(recordedItems).toBe(((different[0] ?? 0) + (different[1] ?? 0)) / 2)
  })

  it.each(['toHorizonEnd', 'nowhere'] as const)('say how many rows lazy updates move that carry them %s', (carries) => {
    const lazy = specOf(SMALL, { optimizer: { ...ADAM, update: 'lazy' } })
    const inEpoch = stepsPerEpoch(lazy)
    const horizon = 2
    // The plain way: at every step all the rows that lag, by what they are up to date with.
    const upTo = new Map<number, number>()
    const caughtUp: number[] = []
    const settled: number[] = []
    for (let begin = 0; begin < 2 * inEpoch;) {
      const end = Math.min(begin + horizon, (Math.floor(begin / inEpoch) + 1) * inEpoch)
      const firstTouch = new Map<number, number>()
      const lastTouch = new Map<number, number>()
      for (let step = begin; step < end; step++)
        for (const row of drawnRows(lazy).ofStep(step)) {
          if (!firstTouch.has(row)) firstTouch.set(row, step)
          lastTouch.set(row, step)
        }
      for (const [row, step] of firstTouch) {
        const before = upTo.get(row)
        if (before !== undefined && before < step) caughtUp.push(step)
        upTo.set(row, carries === 'nowhere' ? (lastTouch.get(row) ?? 0) + 1 : end)
      }
      if (end % inEpoch === 0) {
        for (const [row, at] of upTo) {
          if (at < end) settled.push(end - 1)
          upTo.set(row, end)
        }
      }
      begin = end
    }
    for (const [first, count] of [
      [0, 2 * inEpoch],
      [inEpoch, inEpoch],
      [2, 1],
    ] as const) {
      const inside = (steps: number[]): number => steps.filter((step) => step >= first && step < first + count).length
      const counts = countSteps(lazy, { first, count, horizon, window: 1, carries })
      expect(counts.caughtUpRows).toBe(inside(caughtUp) / count)
      expect(counts.settledRows).toBe(inside(settled) / count)
    }
    expect(caughtUp.length).toBeGreaterThan(0)
    expect(settled.length).toBeGreaterThan(0)
  })
})
