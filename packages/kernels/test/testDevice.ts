import { describeEngine } from '@gradrec/parity'
import { afterAll } from 'vitest'
import type { KernelDevice } from '../src/index.ts'
import { openKernelDevice, openWebGpuEngine } from '../src/index.ts'
import type { Tuning } from '../src/tuning.ts'

/** How the kernels are cut up for one row per invocation, and for groups of lanes as on a GPU; both are always tested. */
export const ONE_LANE: NamedTuning = ['one lane a row', { lanes: 1, workgroupSize: 64 }]
export const SIXTEEN_LANES: NamedTuning = ['sixteen lanes a row', { lanes: 16, workgroupSize: 128 }]
export const TUNINGS: readonly NamedTuning[] = [ONE_LANE, SIXTEEN_LANES]

type NamedTuning = readonly [string, Partial<Tuning>]

/** GRADREC_TEST_ADAPTER chooses the adapter, for example `hardware`. */
export const TEST_ADAPTER: string = process.env['GRADREC_TEST_ADAPTER'] ?? 'auto'

/**
 * Opens a device that is closed after the file's tests. Without an adapter the suite fails, it never
 * skips.
 */
export async function testDevice(tuning?: Partial<Tuning>): Promise<KernelDevice> {
  const device = await openKernelDevice({
    adapter: TEST_ADAPTER,
    ...(tuning !== undefined && { tuning }),
  })
  afterAll(() => device.close())
  return device
}

/** Declares the suite of all engines for the WebGPU engine, cut up in one way. */
export function describeTuned([name, tuning]: NamedTuning): void {
  // Small horizons, chunks, grids and blocks, so that small runs cross their borders too.
  const small = { horizonSteps: 5, edgesPerChunk: 6, gridWidth: 50, rankScores: 3000 }
  describeEngine('webgpu', () => openWebGpuEngine({ adapter: TEST_ADAPTER, tuning: { ...tuning, ...small } }), name)
}
