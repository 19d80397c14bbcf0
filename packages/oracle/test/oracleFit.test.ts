import { interactionGraph, type FitSpec, type FitState, type Optimizer } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { objectiveStep, openOracleEngine, sampleStep, trainStep } from '../src/index.ts'
import { finiteDifference, gradientError } from './finiteDifference.ts'
import { tinySpec } from './tinySpec.ts'

const engine = openOracleEngine()

const sgd: Optimizer = { kind: 'sgd', learningRate: 2, weightDecay: 0 }
const amsgrad: Optimizer = {
  kind: 'adam',
  learningRate: 0.02,
  beta1: 0.5,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 1e-5,
  amsgrad: true,
}

const everything = {
  backbone: { kind: 'lgn', layers: 2, dropout: 0.2, selfLoops: true, degreeExponent: 0.3 },
  objective: { kind: 'bce', l2: 1e-4, userNorm: 'unit' },
  recording: 'vector',
  sampler: { positives: 'interaction', negatives: 2, distinct: true },
} as const

const kinds: readonly (readonly [string, FitSpec])[] = [
  ['mf, adam', tinySpec()],
  ['mf, sgd, by user', tinySpec({ optimizer: sgd, sampler: { positives: 'user', negatives: 1 } })],
  ['lgn, amsgrad', tinySpec({ backbone: { kind: 'lgn', layers: 2 }, optimizer: amsgrad })],
  [
    'lgn, sgd, by user',
    tinySpec({ backbone: { kind: 'lgn', layers: 3 }, optimizer: sgd, sampler: { positives: 'user', negatives: 4 } }),
  ],
  [
    'mf, unit user norm, recording',
    tinySpec({ objective: { kind: 'bpr', l2: 1e-4, userNorm: 'unit' }, recording: 'gradient' }),
  ],
]

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0)
}

async function trained(spec: FitSpec, steps: number): Promise<FitState> {
  const fit = await engine.fit(spec)
  await fit.steps(steps)
  return fit.read()
}

async function slotsOf(spec: FitSpec): Promise<FitState['slots']> {
  const fit = await engine.fit(spec)
  return (await fit.read()).slots
}

describe.each(kinds)('a fit: %s', (_, spec) => {
  it('gives the same bits every time, however its steps are grouped', async () => {
    const once = await trained(spec, 12)
    expect(await trained(spec, 12)).toEqual(once)
    const fit = await engine.fit(spec)
    await fit.steps(5)
    await fit.steps(0)
    await fit.steps(7)
    expect(await fit.read()).toEqual(once)
    expect(once.table).not.toEqual(spec.initialTable)
    expect((await trained({ ...spec, seed: spec.seed + 1 }, 12)).table).not.toEqual(once.table)
  })

  it('learns: the loss falls and positives come to score above other items', async () => {
    const fit = await engine.fit(spec)
    const first = await fit.steps(fit.stepsPerEpoch)
    await fit.steps(40 * fit.stepsPerEpoch)
    const last = await fit.steps(fit.stepsPerEpoch)
    expect(first.lossSum / first.triples).toBeGreaterThan(0.5)
    expect(last.lossSum / last.triples).toBeLessThan(0.35)
  })

  it('goes on from a restored state as if it had not stopped', async () => {
    const fit = await engine.fit(spec)
    await fit.steps(9)
    const state = await fit.read()
    const resumed = await engine.fit(spec)
    await resumed.restore(state)
    expect(resumed.step).toBe(9)
    expect(await resumed.read()).toEqual(state)
    const [direct, again] = [await fit.steps(10), await resumed.steps(10)]
    expect(again.triples).toBe(direct.triples)
    expect(Math.abs(again.lossSum - direct.lossSum)).toBeLessThan(1e-4)
    const [a, b] = [await fit.read(), await resumed.read()]
    expect(b.step).toBe(19)
    // The state was rounded to float32 once.
    expect(largestDifference(a.table, b.table)).toBeLessThan(1e-5)
    for (const [name, slot] of Object.entries(a.slots))
      expect(largestDifference(slot, b.slots[name]!)).toBeLessThan(1e-5)
  })
})

describe('a fit', () => {
  it('counts steps and triples, with a short last batch', async () => {
    const spec = tinySpec()
    const pairs = spec.interactions.columns.length
    const fit = await engine.fit(spec)
    expect(pairs % 25).not.toBe(0)
    expect(fit.stepsPerEpoch).toBe(Math.ceil(pairs / 25))
    expect(fit.step).toBe(0)
    const report = await fit.steps(fit.stepsPerEpoch)
    expect(report).toMatchObject({ steps: fit.stepsPerEpoch, triples: 2 * pairs })
    expect(fit.step).toBe(fit.stepsPerEpoch)
    expect((await fit.read()).step).toBe(fit.step)
  })

  it('reports ln 2 for every triple while all scores are equal', async () => {
    const spec = tinySpec()
    const fit = await engine.fit({ ...spec, initialTable: new Float32Array(spec.initialTable.length) })
    const { lossSum, triples } = await fit.steps(2)
    expect(lossSum).toBeCloseTo(triples * Math.LN2, 10)
  })

  it('steps down the gradient of its step’s objective', async () => {
    for (const backbone of [{ kind: 'mf' }, { kind: 'lgn', layers: 2 }] as const) {
      const optimizer: Optimizer = { kind: 'sgd', learningRate: 0.5, weightDecay: 0 }
      const spec = tinySpec({ backbone, optimizer, dimension: 4, batch: 10, objective: { kind: 'bpr', l2: 0.1 } })
      const start = Float64Array.from(spec.initialTable)
      const state = { step: 3, learningRate: 0.5, table: start.slice() }
      trainStep(spec, state)
      const graph = interactionGraph(spec.interactions)
      const options = {
        users: spec.interactions.rows,
        dimension: 4,
        objective: spec.objective,
        ...(backbone.kind === 'lgn' ? { propagation: { graph, layers: backbone.layers } } : {}),
      }
      const samples = sampleStep(spec, 3)
      const slope = finiteDifference((x) => objectiveStep(x, samples, options).objective, start)
      const moved = state.table.map((value, at) => (start[at]! - value) / 0.5)
      expect(gradientError(moved, slope)).toBeLessThan(1e-6)
      expect(state.step).toBe(4)
    }
  })

  it('names its slots, all 0 to begin with', async () => {
    expect(Object.keys(await slotsOf(tinySpec()))).toEqual(['m', 'v'])
    expect(Object.keys(await slotsOf(tinySpec({ optimizer: amsgrad })))).toEqual(['m', 'v', 'vMax'])
    expect(await slotsOf(tinySpec({ optimizer: sgd }))).toEqual({})
    for (const slot of Object.values(await slotsOf(tinySpec()))) expect(slot.every((value) => value === 0)).toBe(true)
  })

  it('goes on after a restore with its dropout, its record and its rate', async () => {
    const spec = tinySpec(everything)
    const fit = await engine.fit(spec)
    await fit.steps(4)
    await fit.setLearningRate(0.005)
    await fit.steps(3)
    const state = await fit.read()
    expect(state.learningRate).toBe(0.005)
    expect(Object.keys(state.slots)).toEqual(['m', 'v', 'recordedPositive', 'recordedNegative'])
    const resumed = await engine.fit(spec)
    await resumed.restore(state)
    expect(await resumed.read()).toEqual(state)
    await fit.steps(5)
    await resumed.steps(5)
    const [a, b] = [await fit.read(), await resumed.read()]
    expect(b.learningRate).toBe(0.005)
    expect(largestDifference(a.table, b.table)).toBeLessThan(1e-5)
    for (const [name, slot] of Object.entries(a.slots))
      expect(largestDifference(slot, b.slots[name]!)).toBeLessThan(1e-5)
  })

  it('takes a new learning rate from the next step on, for the update and the record', async () => {
    const spec = tinySpec({ recording: 'vector', optimizer: sgd })
    const fit = await engine.fit(spec)
    await fit.steps(2)
    const before = await fit.read()
    const half = await engine.fit(spec)
    await half.restore(before)
    await half.setLearningRate(sgd.learningRate / 2)
    await fit.steps(1)
    await half.steps(1)
    const [whole, halved] = [await fit.read(), await half.read()]
    for (const [at, start] of before.table.entries()) {
      expect(2 * (halved.table[at]! - start)).toBeCloseTo(whole.table[at]! - start, 5)
    }
    for (const name of ['recordedPositive', 'recordedNegative']) {
      for (const [at, start] of before.slots[name]!.entries()) {
        expect(2 * (halved.slots[name]![at]! - start)).toBeCloseTo(whole.slots[name]![at]! - start, 5)
      }
    }
    await half.restore(before)
    expect((await half.read()).learningRate).toBe(sgd.learningRate)
    await expect(half.setLearningRate(0)).rejects.toThrow('learningRate is 0; expected a number above 0')
  })

  it('trains the same table whether it records or not', async () => {
    const recorded = await trained(tinySpec({ recording: 'gradient' }), 9)
    const { table, slots } = await trained(tinySpec(), 9)
    expect(recorded.table).toEqual(table)
    expect(Object.keys(slots)).toEqual(['m', 'v'])
  })

  it('does not drop anything from its embeddings', async () => {
    const backbone = { kind: 'lgn', layers: 2, selfLoops: true, degreeExponent: 0.3 } as const
    const without = await (await engine.fit(tinySpec({ backbone }))).embeddings()
    const dropping = await engine.fit(tinySpec({ backbone: { ...backbone, dropout: 0.5 } }))
    expect(await dropping.embeddings()).toEqual(without)
    const table = { rows: 42, dimension: 8, values: tinySpec().initialTable }
    const { values } = await engine.propagate(table, interactionGraph(tinySpec().interactions, backbone), 2)
    expect(without.users.values).toEqual(values.slice(0, 24 * 8))
    await dropping.steps(1)
    expect((await dropping.read()).table).not.toEqual((await trained(tinySpec({ backbone }), 1)).table)
  })

  it('hands out copies and keeps none of what it is given', async () => {
    const spec = tinySpec()
    const given = { ...spec, initialTable: spec.initialTable.slice() }
    const fit = await engine.fit(given)
    given.initialTable.fill(9)
    const state = await fit.read()
    expect(state.table).toEqual(spec.initialTable)
    state.table.fill(9)
    state.slots['m']!.fill(9)
    ;(await fit.embeddings()).users.values.fill(9)
    await fit.steps(4)
    expect(await fit.read()).toEqual(await trained(spec, 4))
  })

  it('gives the table itself as matrix factorisation’s embeddings, its propagation as LightGCN’s', async () => {
    const mf = await (await engine.fit(tinySpec())).embeddings()
    const { initialTable, interactions, dimension } = tinySpec()
    const split = interactions.rows * dimension
    expect(mf.users).toEqual({ rows: 24, dimension, values: initialTable.slice(0, split) })
    expect(mf.items).toEqual({ rows: 18, dimension, values: initialTable.slice(split) })

    const lgn = await (await engine.fit(tinySpec({ backbone: { kind: 'lgn', layers: 2 } }))).embeddings()
    const table = { rows: 42, dimension, values: initialTable }
    const { values } = await engine.propagate(table, interactionGraph(interactions), 2)
    expect(lgn.users.values).toEqual(values.slice(0, split))
    expect(lgn.items.values).toEqual(values.slice(split))
  })

  it('refuses a spec that no engine could train', async () => {
    await expect(engine.fit(tinySpec({ batch: 0 }))).rejects.toMatchObject({ code: 'E_SPEC' })
  })

  it('refuses a state of another shape', async () => {
    const fit = await engine.fit(tinySpec())
    await fit.steps(1)
    const state = await fit.read()
    await expect(fit.restore({ ...state, table: new Float32Array(3) })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SpecError: the state's table has 3 numbers; expected 336: it belongs to another run]`,
    )
    await expect(fit.restore({ ...state, slots: {} })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SpecError: the state's m has no numbers; expected 336: it belongs to another run]`,
    )
    expect(await fit.read()).toEqual(state)
  })
})
