import { stepsPerEpoch, symmetricGraph, type FitSpec } from '@gradrec/engine'
import { openOracleEngine, sampleStep } from '@gradrec/oracle'
import { describe, expect, test } from 'vitest'
import {
  adam,
  adamState,
  bprGradients,
  gather,
  indices,
  readTensor,
  scatterAdd,
  tensor,
  WebGpuEngine,
  type KernelDevice,
} from '../src/index.ts'
import { expectClose } from './closeTo.ts'
import { ADAM, randomInteractions, randomSpec, randomValues } from './randomRun.ts'
import { testDevice, TUNINGS } from './testDevice.ts'

const oracle = openOracleEngine()
const devices: [string, KernelDevice][] = []
for (const [name, tuning] of TUNINGS) {
  // Small horizons and chunks, so that small runs cross their borders too.
  devices.push([name, await testDevice({ ...tuning, horizonSteps: 5, edgesPerChunk: 6, gridWidth: 50 })])
}

const RUNS: readonly (readonly [string, Partial<FitSpec>])[] = [
  ['mf, adam', {}],
  [
    'mf, one negative, width 4, batch 1',
    { dimension: 4, batch: 1, sampler: { positives: 'interaction', negatives: 1 } },
  ],
  ['mf, width 12, batch of all', { dimension: 12, batch: randomInteractions(60, 45, 500).columns.length }],
  ['mf, width 512, many negatives', { dimension: 512, batch: 16, sampler: { positives: 'user', negatives: 9 } }],
  [
    'mf, amsgrad with weight decay',
    { optimizer: { ...ADAM, amsgrad: true, beta1: 0.5, beta2: 0.99, weightDecay: 0.01 } },
  ],
  ['mf, sgd', { optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0 } }],
  ['mf, sgd with weight decay', { optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0.01 } }],
  ['mf, lazy adam', { optimizer: { ...ADAM, update: 'lazy' } }],
  [
    'mf, lazy amsgrad, width 64, few rows touched',
    { dimension: 64, batch: 3, optimizer: { ...ADAM, update: 'lazy', amsgrad: true, beta1: 0.5, beta2: 0.99 } },
  ],
  ['lgn, two layers', { backbone: { kind: 'lgn', layers: 2 } }],
  [
    'lgn, three layers, users drawn',
    { backbone: { kind: 'lgn', layers: 3 }, sampler: { positives: 'user', negatives: 1 } },
  ],
  [
    'lgn, one layer, sgd, width 64',
    {
      backbone: { kind: 'lgn', layers: 1 },
      dimension: 64,
      optimizer: { kind: 'sgd', learningRate: 1, weightDecay: 0 },
    },
  ],
]

describe.each(devices)('with %s', (_, device) => {
  const engine = new WebGpuEngine(device)

  test.each(RUNS)('%s: tables agree with the oracle after 23 steps from the same seed', async (__, changes) => {
    const spec = randomSpec(changes)
    const fit = await engine.fit(spec)
    const reference = await oracle.fit(spec)
    const found = await fit.steps(23)
    const expected = await reference.steps(23)
    expect(found.triples).toBe(expected.triples)
    expectClose([found.lossSum], [expected.lossSum])
    const [state, referenceState] = [await fit.read(), await reference.read()]
    // Stated tolerance: 2e-5 absolute on tables whose entries are of order 0.1 to 1, after 23 steps.
    expectClose(state.table, referenceState.table, { absolute: 2e-5, relative: 1e-4 })
    expect(Object.keys(state.slots)).toEqual(Object.keys(referenceState.slots))
    const [embeddings, referenceEmbeddings] = [await fit.embeddings(), await reference.embeddings()]
    expectClose(embeddings.users.values, referenceEmbeddings.users.values, { absolute: 2e-5, relative: 1e-4 })
    expectClose(embeddings.items.values, referenceEmbeddings.items.values, { absolute: 2e-5, relative: 1e-4 })
    fit.close()
  })

  test.each(RUNS.filter(([name]) => ['mf, adam', 'lgn, two layers'].includes(name)))(
    '%s: the same bits however the steps are asked for, and across a restore',
    async (__, changes) => {
      const spec = randomSpec(changes)
      const whole = await engine.fit(spec)
      await whole.steps(17)
      const expected = await whole.read()

      const parts = await engine.fit(spec)
      for (const count of [1, 7, 0, 3]) await parts.steps(count)
      const middle = await parts.read()
      expect(middle.step).toBe(11)
      await parts.steps(6)
      expect(await parts.read()).toEqual(expected)

      const resumed = await engine.fit(spec)
      await resumed.restore(middle)
      await resumed.steps(6)
      expect(await resumed.read()).toEqual(expected)
      for (const fit of [whole, parts, resumed]) fit.close()
    },
  )
})

/** Zipf-touched rows over 3,000 steps: many are touched in almost every step, many once in a thousand. */
const longRun = (update: 'dense' | 'lazy'): FitSpec =>
  randomSpec({
    interactions: randomInteractions(300, 900, 4000),
    batch: 2,
    sampler: { positives: 'interaction', negatives: 1 },
    optimizer: { ...ADAM, learningRate: 1e-3, update },
  })

test('lazy adam stays within float32 rounding of dense adam over thousands of steps', async () => {
  const device = await testDevice({ lanes: 1, workgroupSize: 64 })
  const engine = new WebGpuEngine(device)
  const reference = await oracle.fit(longRun('dense'))
  const [lazy, dense] = [await engine.fit(longRun('lazy')), await engine.fit(longRun('dense'))]
  for (const fit of [reference, lazy, dense]) await fit.steps(3000)
  const expected = await reference.read()
  const worst = (found: Float32Array): number =>
    found.reduce((most, value, n) => Math.max(most, Math.abs(value - expected.table[n]!)), 0)
  const [lazyState, denseState] = [await lazy.read(), await dense.read()]
  // Tables move by about 0.1 here; both engines round to float32 at every update.
  expect(worst(lazyState.table)).toBeLessThan(2e-6)
  expect(worst(lazyState.table)).toBeLessThan(1.5 * worst(denseState.table))
  for (const slot of ['m', 'v'])
    expectClose(lazyState.slots[slot]!, expected.slots[slot]!, { relative: 1e-4, absolute: 1e-9 })
})

test('lazy adam gives the same bits for the same portions, also when read and resumed at an epoch’s end', async () => {
  const engine = new WebGpuEngine(devices[0]![1])
  const spec = randomSpec({ batch: 16, optimizer: { ...ADAM, update: 'lazy' } })
  const [whole, portions] = [await engine.fit(spec), await engine.fit(spec)]
  const { stepsPerEpoch: epoch, stepsAtOnce } = whole
  await whole.steps(3 * epoch)
  for (let step = 0; step < epoch; step += stepsAtOnce) await portions.steps(Math.min(stepsAtOnce, epoch - step))
  const resumed = await engine.fit(spec)
  await resumed.restore(await portions.read())
  await resumed.steps(2 * epoch)
  expect(await resumed.read()).toEqual(await whole.read())
})

test('a fused step is the composition of the ops: sample, gather, bprGradients, scatterAdd, adam', async () => {
  const device = devices[1]![1]
  const spec = randomSpec({ objective: { kind: 'bpr', l2: 0 } })
  const { dimension, interactions, sampler } = spec
  const rows = interactions.rows + interactions.columnCount
  const table = tensor(device, rows, dimension, spec.initialTable)
  const state = adamState(table, ADAM)
  const fit = await new WebGpuEngine(device).fit(spec)
  for (let step = 0; step < stepsPerEpoch(spec) + 1; step++) {
    const samples = sampleStep(spec, step)
    const triples = samples.negatives.length
    const perTriple = (values: ArrayLike<number>, offset: number): Uint32Array =>
      Uint32Array.from({ length: triples }, (_, t) => offset + values[Math.floor((t * values.length) / triples)]!)
    const users = indices(device, perTriple(samples.users, 0))
    const positives = indices(device, perTriple(samples.positives, interactions.rows))
    const negatives = indices(device, perTriple(samples.negatives, interactions.rows))
    expect(triples).toBe(samples.users.length * sampler.negatives)

    const gradients = await bprGradients(
      await gather(table, users),
      await gather(table, positives),
      await gather(table, negatives),
      { weight: 1 / triples },
    )
    const gradient = tensor(device, rows, dimension)
    await scatterAdd(gradient, users, gradients.users)
    await scatterAdd(gradient, positives, gradients.positives)
    await scatterAdd(gradient, negatives, gradients.negatives)
    await adam(table, gradient, state, ADAM)

    const report = await fit.steps(1)
    const losses = await readTensor(gradients.losses)
    expectClose([report.lossSum], [losses.reduce((sum, loss) => sum + loss, 0)])
    expectClose((await fit.read()).table, await readTensor(table), { absolute: 5e-6 })
  }
  fit.close()
})

test('the largest batch, on rows that repeat thousands of times, agrees with the oracle', async () => {
  const interactions = randomInteractions(400, 700, 400_000)
  const spec = randomSpec({ interactions, dimension: 4, batch: 65_536, sampler: { positives: 'user', negatives: 1 } })
  for (const [, device] of devices) {
    const fit = await new WebGpuEngine(device).fit(spec)
    const reference = await oracle.fit(spec)
    const [found, expected] = [await fit.steps(2), await reference.steps(2)]
    expect(found.triples).toBe(2 * 65_536)
    expectClose([found.lossSum], [expected.lossSum])
    expectClose((await fit.read()).table, (await reference.read()).table, { absolute: 2e-5, relative: 1e-4 })
    fit.close()
  }
})

test('a run that no engine could train is refused before anything is allocated', async () => {
  const engine = new WebGpuEngine(devices[0]![1])
  await expect(engine.fit(randomSpec({ batch: 0 }))).rejects.toThrow(
    'batch is 0; expected a whole number from 1 to 65536',
  )
  await expect(engine.fit(randomSpec({ dimension: 6 }))).rejects.toThrow('dimension is 6; expected a multiple of 4')
})

test('a state of another run is refused', async () => {
  const engine = new WebGpuEngine(devices[0]![1])
  const fit = await engine.fit(randomSpec())
  await expect(fit.restore({ step: 1, table: new Float32Array(3), slots: {} })).rejects.toThrow(
    /the state's table has 3 numbers; expected \d+: it belongs to another run/,
  )
  fit.close()
})

test('propagate agrees with the oracle, zero layers included', async () => {
  const graph = symmetricGraph(randomInteractions(30, 20, 200))
  const table = { rows: graph.nodes, dimension: 16, values: randomValues(graph.nodes * 16, 8) }
  for (const [, device] of devices) {
    for (const layers of [0, 1, 2, 5]) {
      const found = await new WebGpuEngine(device).propagate(table, graph, layers)
      expectClose(found.values, (await oracle.propagate(table, graph, layers)).values)
    }
  }
})
