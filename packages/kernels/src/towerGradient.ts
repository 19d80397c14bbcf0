import type { FitSpec } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { stepConstants } from './stepConstants.ts'
import { writeTowerGradient } from './wgsl.generated.ts'

/** vec4s of MACR's towers that one workgroup sums: wgsl/towerGradient.wgsl. */
const TOWER_COLUMNS = 4

/** Row of w_user in the table; w_item is the next. */
export function userTowerRow({ interactions }: Pick<FitSpec, 'interactions'>): number {
  return interactions.rows + interactions.columnCount
}

/** Workgroups that sum the towers' gradient; none with objectives that have no towers. */
export function towerWorkgroups({ objective, dimension }: Pick<FitSpec, 'objective' | 'dimension'>): number {
  return objective.kind === 'macr' ? Math.ceil((2 * dimension) / 4 / TOWER_COLUMNS) : 0
}

/** Sums the gradient of MACR's towers and writes it where the dense optimizer reads it; nothing with other objectives. */
export async function bindTowerGradient(
  device: KernelDevice,
  spec: FitSpec,
  buffers: { readonly snapshots: GPUBuffer; readonly gradient: GPUBuffer; readonly touched: GPUBuffer },
): Promise<readonly Dispatch[]> {
  if (spec.objective.kind !== 'macr') return []
  const { lanes: _, ...constants } = stepConstants(device, spec).constants
  const kernel = await device.kernel(writeTowerGradient, { ...constants, userTower: userTowerRow(spec) })
  return [kernel.bind(buffers, towerWorkgroups(spec))]
}
