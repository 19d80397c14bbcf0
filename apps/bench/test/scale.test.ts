import { columnCounts, csrFromPairs, memoryExcess, type Csr, type Engine } from '@gradrec/engine'
import { openWasmEngine } from '@gradrec/kernels-wasm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeLargest, describePoints } from '../src/scale/describeScale.ts'
import { distinctRowsOfStep } from '../src/scale/distinctRows.ts'
import { flatnessOf, largestCacheBytes } from '../src/scale/flatness.ts'
import { checkHostMemory, HostMemoryError } from '../src/scale/hostMemory.ts'
import { largestProblems } from '../src/scale/largestProblems.ts'
import { planPoint, roundsWithin, timePoint, type ScalePoint } from '../src/scale/measurePoint.ts'
import { scaleInteractions, scaleRun, scaleShape, sizeOf } from '../src/scale/scaleShape.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openWasmEngine({ threads: 1 })
})
afterAll(() => engine.close())

/** A point that was trained at a made-up cost. */
function trained(nsPerInteraction: number, tableBytes: number, changes: Partial<ScalePoint> = {}): ScalePoint {
  return {
    ...sizeOf('interactions', 1e6),
    axis: 'interactions',
    backbone: 'mf',
    planned: { bytes: 3 * tableBytes, parts: [], host: [] },
    tableBytes,
    outcome: {
      kind: 'trained',
      stepsPerEpoch: 10,
      stepsPerRound: 5,
      secondsPerStep: { median: 0.5, minimum: 0.5, quartiles: [0.5, 0.5], values: [0.5] },
      nsPerInteraction,
      nsPerTriple: nsPerInteraction,
      distinctRows: 5000 + nsPerInteraction,
      nsPerEdge: undefined,
      secondsPerEpoch: 5,
      setupSeconds: 1,
      residentBytes: { before: 2 ** 20, after: 2 ** 21 },
    },
    ...changes,
  }
}

describe('sizes', () => {
  it.each([
    ['interactions', 1e5, { users: 2000, items: 10_000, interactions: 1e5 }],
    ['interactions', 1e8, { users: 2_000_000, items: 10_000, interactions: 1e8 }],
    ['items', 1e6, { users: 200_000, items: 1e6, interactions: 1e7 }],
  ] as const)('%s %i', (axis, value, expected) => {
    expect(sizeOf(axis, value)).toEqual(expected)
  })

  it('are what is drawn, and what is planned is what the data take', () => {
    const size = { users: 400, items: 300, interactions: 20_000 }
    const interactions = scaleInteractions(size, 1)
    expect([interactions.rows, interactions.columnCount, interactions.columns.length]).toEqual([400, 300, 20_000])
    for (const count of columnCounts(interactions)) expect(count).toBeLessThanOrEqual(200)
    for (const backbone of ['mf', 'lgn'] as const) {
      const spec = { ...scaleRun(backbone, 20_000), interactions }
      expect(engine.memoryPlan(scaleShape(backbone, size)).bytes).toBe(engine.memoryPlan(spec).bytes)
    }
  })
})

describe('a point', () => {
  it.each(['mf', 'lgn'] as const)('of %s is trained for some steps', async (backbone) => {
    const size = { users: 200, items: 150, interactions: 9000 }
    const heard: string[] = []
    const effort = { rounds: 2, secondsPerRound: 0 }
    const timing = await timePoint(engine, backbone, scaleInteractions(size, 2), effort, (text) => heard.push(text))
    // No time at all is for one round.
    expect(heard).toEqual(['round 1 of 1'])
    // 9,000 interactions are two steps of 8,192; a round of MF is a horizon of both, one of LightGCN a step.
    expect(timing).toMatchObject({ stepsPerEpoch: 2, stepsPerRound: backbone === 'mf' ? 2 : 1 })
    const { secondsPerStep, nsPerInteraction, nsPerEdge, secondsPerEpoch } = timing
    expect(nsPerInteraction).toBeCloseTo((1e9 * secondsPerStep.median) / 8192, 6)
    expect(secondsPerEpoch).toBeCloseTo(2 * secondsPerStep.median, 9)
    if (backbone === 'mf') expect(nsPerEdge).toBeUndefined()
    else expect(nsPerEdge).toBeCloseTo((1e9 * secondsPerStep.median) / 9000, 6)
  })

  it('gets fewer rounds where one takes far longer than it should', () => {
    const effort = { rounds: 5, secondsPerRound: 0.5 }
    expect([0.1, 0.5, 2, 3, 5, 60].map((seconds) => roundsWithin(effort, seconds))).toEqual([5, 5, 5, 3, 2, 1])
  })

  it('that does not fit is refused with the sum', () => {
    const point = planPoint(engine, 'interactions', 'mf', sizeOf('interactions', 1e9))
    expect(point).toMatchObject({ interactions: 1e9, outcome: { kind: 'refused' } })
    const reason = 'outcome' in point && point.outcome.kind === 'refused' ? point.outcome.reason : ''
    // Twenty million users of 64 numbers, three times.
    expect(reason).toMatch(
      /^this training run needs \d+ GiB, more than the 4\.0 GiB .*: the optimizer state 9\.5 GiB \+ /,
    )
    expect(planPoint(engine, 'interactions', 'mf', sizeOf('interactions', 1e5))).not.toHaveProperty('outcome')
  })

  it('that the machine cannot hold is refused with what it would hold', () => {
    const size = sizeOf('interactions', 1e7)
    const plan = engine.memoryPlan(scaleShape('mf', size))
    expect(() => checkHostMemory(engine, 'mf', size, plan, 2 ** 40)).not.toThrow()
    const check = (): void => checkHostMemory(engine, 'mf', size, plan, 2 ** 20)
    expect(check).toThrow(HostMemoryError)
    expect(check).toThrow(
      /more than the 1\.0 MiB that can be used: the wasm engine’s memory \d+ MiB \+ .*the interactions 39 MiB/,
    )
  })
})

describe('distinctRowsOfStep', () => {
  const interactions: Csr = csrFromPairs([0, 0, 1, 2], [0, 1, 0, 2], 4, 5)

  it('is what has interactions, where a step takes all of them', () => {
    // Three users and, of five items, the three that are positives, and the others unless none of n negatives is one.
    const others = 2 * (1 - 0.8 ** 4)
    expect(distinctRowsOfStep(interactions, 4, 1)).toBeCloseTo(3 + 3 + others, 12)
  })

  it('grows with the batch and with negatives', () => {
    const [one, two, more] = [
      distinctRowsOfStep(interactions, 1, 1),
      distinctRowsOfStep(interactions, 2, 1),
      distinctRowsOfStep(interactions, 2, 3),
    ]
    expect(two).toBeGreaterThan(one)
    expect(more).toBeGreaterThan(two)
  })
})

describe('flatness', () => {
  const MIB = 2 ** 20

  it('is the dearest point by the cheapest, with what differs between them', () => {
    const [flat] = flatnessOf([trained(100, MIB), trained(120, 2 * MIB)], 32 * MIB)
    expect(flat).toMatchObject({ backbone: 'mf', axis: 'interactions', of: 'nsPerInteraction', text: '1.20 ×: flat' })
    expect(flat?.ratio).toBeCloseTo(1.2, 12)
    const [steep] = flatnessOf([trained(400, 64 * MIB), trained(100, MIB), trained(200, 2 * MIB)], 32 * MIB)
    expect(steep?.ratio).toBe(4)
    expect(steep?.text).toBe(
      '4.00 ×: cheapest with a table of 1.0 MiB, dearest with one of 64 MiB, beside a cache of 32 MiB; ' +
        'a step touches 5,100 and 5,400 distinct rows, so that each is 3.78 × as dear',
    )
  })

  it('of LightGCN says that a small graph shares a step’s other work among few', () => {
    const lgn = (nsPerEdge: number, interactions: number): ScalePoint => {
      const point = trained(100, MIB, { backbone: 'lgn', interactions })
      return point.outcome.kind === 'trained' ? { ...point, outcome: { ...point.outcome, nsPerEdge } } : point
    }
    const [small] = flatnessOf([lgn(300, 1e5), lgn(100, 1e6)], undefined)
    expect(small).toMatchObject({ of: 'nsPerEdge', ratio: 3 })
    expect(small?.text).toContain('over a small graph')
    const [large] = flatnessOf([lgn(100, 1e5), lgn(300, 1e6)], undefined)
    expect(large?.text).toBe('3.00 ×: cheapest with a table of 1.0 MiB, dearest with one of 1.0 MiB')
  })

  it('says nothing of refused points and of a single one', () => {
    const refused = trained(1, MIB, { outcome: { kind: 'refused', reason: 'too large' } })
    expect(flatnessOf([trained(100, MIB), refused], undefined)).toEqual([])
  })

  it('knows no cache where the system does not tell', async () => {
    expect(await largestCacheBytes('/no/such/folder')).toBeUndefined()
  })
})

describe('the largest problems', () => {
  it('fit, and one more does not', () => {
    const problems = largestProblems(engine)
    expect(problems.map(({ backbone, axis }) => `${backbone} ${axis}`)).toEqual([
      'mf interactions',
      'mf items',
      'lgn interactions',
      'lgn items',
    ])
    for (const { backbone, axis, size, bytes } of problems) {
      const planOf = (value: number) => engine.memoryPlan(scaleShape(backbone, sizeOf(axis, value)))
      expect(planOf(size).bytes).toBe(bytes)
      expect(memoryExcess(planOf(size))).toBeUndefined()
      expect(memoryExcess(planOf(size + 1))).toBeDefined()
    }
    expect(describeLargest(problems).split('\n').length).toBe(2 + problems.length + 1)
  })
})

describe('the table', () => {
  it('has a line for every point, and says what was refused and why', () => {
    const refused = trained(1, 2 ** 20, {
      ...sizeOf('interactions', 1e9),
      outcome: { kind: 'refused', reason: 'it is too large' },
    })
    const points = [trained(100, 2 ** 20), trained(110, 2 ** 21), refused]
    const [flat] = flatnessOf(points, undefined)
    const lines = describePoints('mf', 'interactions', points, flat).split('\n')
    expect(lines[1]).toMatch(/interactions +users +items +ms\/step +ns\/interaction +rows\/step +s\/epoch +planned/)
    expect(lines[2]).toMatch(/1,000,000 +20,000 +10,000 +500 +100 +5,100 +5 +3\.0 MiB +1\.0 MiB +2\.0 MiB$/)
    expect(lines[4]).toMatch(/1,000,000,000 +20,000,000 +10,000 +refused$/)
    expect(lines[5]).toBe('dearest by cheapest, per interaction trained on: 1.10 ×: flat')
    expect(lines[6]).toBe('refused: 1,000,000,000 interactions, 10,000 items: it is too large')
  })
})
