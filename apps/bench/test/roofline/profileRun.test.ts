import { simulate, type Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import { openEngine } from '@gradrec/engines'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { figuresOf, rooflineFigures } from '../../src/page/figureSchemas.ts'
import { describeRoof, describeRun } from '../../src/roofline/describeRun.ts'
import { copyOf, measureRoof, memoryCopy } from '../../src/roofline/deviceRoof.ts'
import { profileRun } from '../../src/roofline/profileRun.ts'
import { reachOf, wholeStep } from '../../src/roofline/reach.ts'
import { timedMethods } from '../../src/tableFour/sides.ts'
import { resultOf } from '../page/fixtures.ts'

let dataset: Dataset
const engines: Engine[] = []
beforeAll(async () => {
  dataset = await simulate({ users: 300, items: 200, trainInteractions: 6000 })
})
afterAll(async () => {
  for (const engine of engines) await engine.close()
})

const open = {
  wasm: () => openEngine('wasm', { threads: 2 }),
  webgpu: () => openEngine('webgpu', { adapter: 'software' }),
}

// A kernel without a model makes these fail: `workOf` throws.
describe.each(['wasm', 'webgpu'] as const)('profiles on %s', (kind) => {
  it.each([
    ['mf', 'original'],
    ['mf', 'gradient'],
    ['lgn', 'original'],
    ['lgn', 'gradient'],
  ] as const)('of %s, %s, have a model for every kernel', async (backbone, label) => {
    const engine = engines.find(({ name }) => name === kind) ?? (await open[kind]())
    if (!engines.includes(engine)) engines.push(engine)
    const { config } = timedMethods(backbone, 'ml10m', 1024).find((each) => each.label === label) ?? {}
    if (config === undefined) throw new Error('no such method')
    const small = { ...config, dimension: 16 }
    const run = await profileRun(engine, dataset, small, { rounds: 2, secondsPerRound: 1000 }, () => {})
    // Whole epochs, of which matrix factorisation ends each by bringing all rows up to date.
    expect(run.steps).toBe(6)
    const names = run.kernels.map(({ kernel }) => kernel)
    expect(names).toContain('score')
    for (const { kernel, work, milliseconds, callsPerStep } of run.kernels) {
      expect(milliseconds.values).toHaveLength(2)
      expect(callsPerStep).toBeGreaterThan(0)
      if (kernel === 'host') expect(work).toBeUndefined()
      // A run of one horizon has no row that lags behind.
      else expect(work?.compulsoryBytes, kernel).toBeGreaterThan(kernel === 'catchUpAll' ? -1 : 0)
      expect(work?.gatheredBytes ?? 0, kernel).toBeGreaterThanOrEqual(work?.compulsoryBytes ?? 0)
    }
    const roof = { copies: [{ bytes: 1024, bytesPerSecond: 1e9 }] }
    const figures = { ...run, dataset: 'ml10m', source: 'simulated', backbone, method: label, batch: 1024 } as const
    const written = JSON.parse(JSON.stringify({ roof, runs: [figures] })) as unknown
    const read = figuresOf({ name: 'x.json', result: resultOf('roofline', written) }, rooflineFigures)
    expect(read.runs[0]?.kernels.map(({ kernel }) => kernel)).toEqual(names)
    expect(describeRun(figures, roof)).toMatch(new RegExp(`${label}, 1024 positives.*means of 6 steps`))
  })

  it('and the device have a roof', async () => {
    const engine = engines.find(({ name }) => name === kind)
    if (engine === undefined) throw new Error('the engine is open by now')
    const roof = await measureRoof(engine, 1, () => {}, [2 ** 10, 2 ** 12])
    expect(roof.copies.map(({ bytes }) => bytes)).toEqual([2 ** 10, 2 ** 12])
    expect(memoryCopy(roof)).toBeGreaterThan(0)
    expect(describeRoof({ ...roof, copies: [{ bytes: 2 ** 20, bytesPerSecond: 3e9 }] })).toMatch(
      /^Copies, .*1 MiB 3\.0 GB\/s/,
    )
    expect(kind === 'wasm' ? roof.operationsPerSecond : roof.microsecondsPerDispatch).toBeGreaterThan(0)
  })
})

describe('what a kernel reaches', () => {
  const roof = {
    copies: [
      { bytes: 2 ** 10, bytesPerSecond: 400 },
      { bytes: 2 ** 12, bytesPerSecond: 200 },
      { bytes: 2 ** 20, bytesPerSecond: 100 },
    ],
  }
  const milliseconds = { median: 500 }

  it('is held against copies of its size, those between by the logarithm', () => {
    expect([1, 2 ** 10, 2 ** 11, 2 ** 12, 2 ** 30].map((bytes) => copyOf(bytes, roof))).toEqual([
      400, 400, 300, 200, 100,
    ])
  })

  it('is its bytes by its time, of main memory’s copy and of the cache’s where most is looked up', () => {
    const work = { compulsoryBytes: 40, gatheredBytes: 150, gatheredFrom: 2 ** 12, operations: 10 }
    expect(reachOf({ work, milliseconds }, roof)).toEqual({
      bytesPerSecond: 80,
      ofMemoryCopy: 0.8,
      gatheredPerSecond: 300,
      ofCacheCopy: 1,
      operationsPerSecond: 20,
    })
    expect(reachOf({ work: { ...work, gatheredBytes: 80 }, milliseconds }, roof)?.ofCacheCopy).toBeUndefined()
    expect(reachOf({ milliseconds }, roof)).toBeUndefined()
    expect(wholeStep([{ work, milliseconds }, { milliseconds }])).toEqual({
      kernel: 'step',
      work: { ...work, gatheredFrom: 0 },
      milliseconds: { median: 1000 },
    })
  })
})
