import type { AdamOptimizer, FitSpec } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { adamConstants } from './optimizerState.ts'
import { stepConstants } from './stepConstants.ts'
import { sumTowers, towerAdam, writeTowerGradient } from './wgsl.generated.ts'

/** What the second half of a step does for MACR's towers; nothing with other objectives. */
export interface TowerUpdate {
  readonly dispatches: readonly Dispatch[]
  readonly destroy: () => void
}

const NO_TOWERS: TowerUpdate = { dispatches: [], destroy: () => undefined }

/** Row of w_user in the table; w_item is the next. */
export function userTowerRow({ interactions }: Pick<FitSpec, 'interactions'>): number {
  return interactions.rows + interactions.columnCount
}

/** Sums the towers' gradient and writes it where the dense optimizer reads it. */
export async function createTowerGradient(
  device: KernelDevice,
  spec: FitSpec,
  snapshots: GPUBuffer,
  buffers: { readonly gradient: GPUBuffer; readonly touched: GPUBuffer },
): Promise<TowerUpdate> {
  if (spec.objective.kind !== 'macr') return NO_TOWERS
  const { constants, workgroups, partials, sum, destroy } = await createPartials(device, spec, snapshots)
  const kernel = await device.kernel(writeTowerGradient, constants)
  return { dispatches: [sum, kernel.bind({ partials, ...buffers }, workgroups)], destroy }
}

/** Sums the towers' gradient and updates them: what lazy updates are for other rows. */
export async function createTowerAdam(
  device: KernelDevice,
  spec: FitSpec,
  optimizer: AdamOptimizer,
  snapshots: GPUBuffer,
  buffers: { readonly table: GPUBuffer; readonly storedMoments: GPUBuffer },
): Promise<TowerUpdate> {
  if (spec.objective.kind !== 'macr') return NO_TOWERS
  const { constants, workgroups, partials, sum, destroy } = await createPartials(device, spec, snapshots)
  const kernel = await device.kernel(towerAdam, { ...constants, ...adamConstants(optimizer) })
  return { dispatches: [sum, kernel.bind({ partials, ...buffers }, workgroups)], destroy }
}

/** Stretches of a batch that the towers' gradient is summed over before it is summed in all. */
export function towerStretches(batch: number): number {
  return Math.ceil(batch / Math.ceil(Math.sqrt(batch)))
}

/** The first of the two sums of wgsl/towerPartials.wgsl, and what the second needs. */
async function createPartials(
  device: KernelDevice,
  spec: FitSpec,
  snapshots: GPUBuffer,
): Promise<{
  readonly constants: {
    readonly vectors: number
    readonly workgroupSize: number
    readonly stretches: number
    readonly userTower: number
  }
  /** For one invocation for every four numbers of both towers. */
  readonly workgroups: number
  readonly partials: GPUBuffer
  readonly sum: Dispatch
  readonly destroy: () => void
}> {
  const { lanes: _, ...shape } = stepConstants(device, spec).constants
  const { vectors, workgroupSize, batch } = shape
  // Both sums are then about as long.
  const slotsPerStretch = Math.ceil(Math.sqrt(batch))
  const stretches = towerStretches(batch)
  const kernel = await device.kernel(sumTowers, { ...shape, stretches, slotsPerStretch })
  const partials = await device.allocate('the gradient of the towers', () =>
    device.storage('partial sums of the towers', stretches * 2 * vectors * 16),
  )
  return {
    constants: { vectors, workgroupSize, stretches, userTower: userTowerRow(spec) },
    workgroups: Math.ceil((2 * vectors) / workgroupSize),
    partials,
    sum: kernel.bind({ snapshots, partials }, Math.ceil((stretches * 2 * vectors) / workgroupSize)),
    destroy: () => partials.destroy(),
  }
}
