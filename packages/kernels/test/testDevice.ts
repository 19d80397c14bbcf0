import { afterAll } from 'vitest'
import type { KernelDevice } from '../src/index.ts'
import { openKernelDevice } from '../src/index.ts'
import type { Tuning } from '../src/tuning.ts'

/** How the kernels are cut up for one row per invocation, and for groups of lanes as on a GPU; both are always tested. */
export const TUNINGS: readonly (readonly [string, Partial<Tuning>])[] = [
  ['one lane a row', { lanes: 1, workgroupSize: 64 }],
  ['sixteen lanes a row', { lanes: 16, workgroupSize: 128 }],
]

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
