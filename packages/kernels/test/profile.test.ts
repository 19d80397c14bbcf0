import type { FitSpec } from '@gradrec/engine'
import { ADAM, randomSpec } from '@gradrec/parity'
import { describe, expect, test } from 'vitest'
import { KernelDevice, measureCopy, measureDispatches, WebGpuEngine } from '../src/index.ts'
import { copy } from '../src/wgsl.generated.ts'
import { testDevice } from './testDevice.ts'

const SMALL = { horizonSteps: 5 }
const timed = await testDevice(SMALL)
const untimed = await withoutTimestamps(await testDevice(SMALL))

/** The same device to one that has no timestamps. */
async function withoutTimestamps(device: KernelDevice): Promise<KernelDevice> {
  Object.defineProperty(device, 'hasTimestamps', { value: false })
  return device
}

const PLAN = ['sample', 'countDigits', 'scanCounts', 'scatterKeys', 'countRuns', 'writeRuns']
const lazy = { ...ADAM, update: 'lazy' } as const
const RUNS: readonly (readonly [string, Partial<FitSpec>, readonly string[]])[] = [
  [
    'lazy Adam',
    { optimizer: lazy },
    [...PLAN, 'markTouches', 'linkTouches', 'catchUp', 'score', 'lazyAdam', 'sumLosses'],
  ],
  ['dense Adam', {}, [...PLAN, 'score', 'segmentSum', 'adam', 'sumLosses']],
  [
    'LightGCN',
    { backbone: { kind: 'lgn', layers: 2 } },
    [...PLAN, 'markRows', 'spmm', 'score', 'segmentSum', 'adam', 'sumLosses'],
  ],
]

describe.each([
  ['device', timed],
  ['host', untimed],
] as const)('by the clock of the %s', (clock, device) => {
  test.each(RUNS)('a profile of %s trains to the bits of steps and times every kernel', async (_, changes, kernels) => {
    const spec = randomSpec(changes)
    const engine = new WebGpuEngine(device)
    const plain = await engine.fit(spec)
    const profiled = await engine.fit(spec)
    const count = plain.stepsPerEpoch + 3
    await plain.steps(count)
    const profile = await profiled.profile(count)
    expect(profile.steps).toBe(count)
    expect(profile.clock).toBe(clock)
    expect(profile.kernels.map(({ kernel }) => kernel)).toEqual(kernels)
    for (const { milliseconds, calls } of profile.kernels) {
      expect(milliseconds).toBeGreaterThan(0)
      expect(milliseconds).toBeLessThan(Infinity)
      expect(calls).toBeGreaterThan(0)
    }
    const callsOf = (name: string): number | undefined => profile.kernels.find(({ kernel }) => kernel === name)?.calls
    expect(callsOf('score')).toBe(count)
    // Never planned across the end of an epoch, and then three more.
    const { stepsAtOnce, stepsPerEpoch } = plain
    expect(callsOf('sample')).toBe(Math.ceil(stepsPerEpoch / stepsAtOnce) + Math.ceil(3 / stepsAtOnce))
    if (spec.backbone.kind === 'lgn') expect(callsOf('spmm')).toBe(4 * count)
    expect(await profiled.read()).toEqual(await plain.read())
    plain.close()
    profiled.close()
  })

  test('copies and chains of dispatches have a speed', async () => {
    const speed = await measureCopy(device, 10_000, { rounds: 3 })
    expect(speed.milliseconds).toHaveLength(3)
    expect(speed.bytesPerSecond).toBeGreaterThan(0)
    expect(speed.bytesPerSecond).toBeLessThan(Infinity)
    const cost = await measureDispatches(device, 20, { rounds: 2 })
    expect(cost.microsecondsPerDispatch).toBeGreaterThan(0)
    expect([speed.clock, cost.clock]).toEqual([clock, clock])
  })
})

test('what is measured as a copy is one', async () => {
  const vectors = 3000
  const values = Float32Array.from({ length: 4 * vectors }, (_, n) => n)
  const [original, duplicate] = [timed.upload('original', values), timed.storage('duplicate', values.byteLength)]
  const uniform = timed.uniform('copy', copy.uniforms.copy, { vectors })
  const dispatch = (await timed.kernel(copy, {})).bind({ original, duplicate, copy: uniform }, 3)
  timed.submit((pass) => timed.encode(pass, dispatch))
  expect(await timed.readFloats(duplicate, 4 * vectors)).toEqual(values)
})

test('a profile goes on with more dispatches than a query set holds', async () => {
  const device = await testDevice()
  const fit = await new WebGpuEngine(device).fit(randomSpec({ batch: 2 }))
  // Two dispatches a step and more.
  const { kernels } = await fit.profile(1000)
  expect(kernels.find(({ kernel }) => kernel === 'score')?.calls).toBe(1000)
  fit.close()
})
