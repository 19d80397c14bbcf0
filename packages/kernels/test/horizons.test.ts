import type { FitSpec, FitState, StepsReport } from '@gradrec/engine'
import { ADAM, randomSpec } from '@gradrec/parity'
import { expect, test } from 'vitest'
import { KernelDevice, WebGpuEngine } from '../src/index.ts'
import type { Tuning } from '../src/tuning.ts'
import { testDevice } from './testDevice.ts'

const { gpu, info } = await testDevice()
const SPECS: readonly (readonly [string, Partial<FitSpec>])[] = [
  ['lazy Adam', { optimizer: { ...ADAM, update: 'lazy' }, batch: 4 }],
  ['LightGCN', { backbone: { kind: 'lgn', layers: 2 }, batch: 32 }],
]

const devices = new Map<string, KernelDevice>()

function tuned(tuning: Partial<Tuning>): KernelDevice {
  const device = devices.get(JSON.stringify(tuning)) ?? new KernelDevice(gpu, info, tuning)
  devices.set(JSON.stringify(tuning), device)
  return device
}

/** What training in goes of `goes` steps leads to. */
async function trained(
  changes: Partial<FitSpec>,
  tuning: Partial<Tuning>,
  goes: readonly number[],
): Promise<{ state: FitState; reports: StepsReport[] }> {
  const fit = await new WebGpuEngine(tuned(tuning)).fit(randomSpec(changes))
  const reports: StepsReport[] = []
  for (const count of goes) reports.push(await fit.steps(count))
  const state = await fit.read()
  fit.close()
  return { state, reports }
}

test.each(SPECS)('with %s, the bits do not depend on where horizons end', async (_, changes) => {
  const { state } = await trained(changes, { horizonSteps: 512 }, [110])
  // Seven and forty: horizons within a word of marks, and across the border of two.
  for (const horizonSteps of [7, 40]) {
    expect((await trained(changes, { horizonSteps }, [110])).state).toEqual(state)
  }
  expect((await trained(changes, { horizonSteps: 33 }, [50, 1, 59])).state).toEqual(state)
})

test.each(SPECS)('with %s, nor on how many horizons are on their way', async (_, changes) => {
  const waiting = await trained(changes, { horizonSteps: 5, dispatchesInFlight: 1 }, [60])
  const ahead = await trained(changes, { horizonSteps: 5, dispatchesInFlight: 1e6, dispatchesPerSubmit: 3 }, [60])
  expect(ahead).toEqual(waiting)
  expect(ahead.reports[0]?.lossSum).toBeGreaterThan(0)
})

test('a device that is lost while horizons are on their way fails the steps, once', async () => {
  const device = await testDevice({ horizonSteps: 4 })
  const fit = await new WebGpuEngine(device).fit(randomSpec())
  const steps = fit.steps(500)
  device.gpu.destroy()
  await expect(steps).rejects.toThrow(/was lost/)
  await expect(fit.steps(1)).rejects.toThrow(/was lost/)
})
