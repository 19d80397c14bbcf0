import type { FitSpec } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { stepConstants } from './stepConstants.ts'
import { armDiscrepancy, countPairs } from './wgsl.generated.ts'

/** What the second half of a step does about the discrepancy between arms; nothing in runs without. */
export interface ArmDiscrepancyStage {
  readonly dispatches: readonly Dispatch[]
  readonly destroy: () => void
}

/** Adds the discrepancy's gradient to `gradient`, which holds that of the step's runs, and marks the rows that are new to it. */
export async function createArmDiscrepancy(
  device: KernelDevice,
  spec: FitSpec,
  buffers: {
    readonly runs: GPUBuffer
    /** Final rows, as they are at the beginning of the step. */
    readonly embeddings: GPUBuffer
    readonly gradient: GPUBuffer
    readonly touched: GPUBuffer
  },
): Promise<ArmDiscrepancyStage> {
  const { arms, interactions } = spec
  if (arms === undefined || arms.discrepancy.kind === 'none') return { dispatches: [], destroy: () => undefined }
  const { kind, weight, stopGradient } = arms.discrepancy
  const { constants, rowsPerWorkgroup } = stepConstants(device, spec)
  const { batch, negatives, vectors, lanes, workgroupSize } = constants
  const usersApart = arms.users === 'apart' ? 1 : 0
  const pairs = { batch, negatives, users: interactions.rows, items: interactions.columnCount, usersApart }
  const count = await device.kernel(countPairs, pairs)
  const add = await device.kernel(armDiscrepancy, {
    ...pairs,
    vectors,
    lanes,
    workgroupSize,
    discrepancy: { l1: 1, l2: 2 }[kind],
    weight,
    stopAtTreatment: stopGradient === 'treatment' ? 1 : 0,
  })
  const { runs, touched } = buffers
  const pairCounts = await device.allocate('counts of pairs', () => device.storage('counts of pairs', 2 * 4))
  const pairedRuns = batch * (negatives + 1 + usersApart)
  return {
    dispatches: [
      count.bind({ runs, touched, pairCounts }, 1 + usersApart),
      add.bind({ ...buffers, pairCounts }, Math.ceil(pairedRuns / rowsPerWorkgroup)),
    ],
    destroy: () => pairCounts.destroy(),
  }
}
