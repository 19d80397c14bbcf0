import type { FitSpec, MacrObjective } from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'
import type { BoundScore, ScoreBuffers } from './scoreStage.ts'
import { stepConstants } from './stepConstants.ts'
import { userTowerRow } from './towerGradient.ts'
import { scoreMacr } from './wgsl.generated.ts'

/** The first half of a step with MACR: kernels/scoreMacr.wgsl. */
export async function bindMacrScore(
  device: KernelDevice,
  spec: FitSpec,
  { itemWeight, userWeight }: MacrObjective,
  buffers: ScoreBuffers & { readonly table: GPUBuffer },
): Promise<BoundScore> {
  const { constants, rowsPerWorkgroup } = stepConstants(device, spec)
  const userTower = userTowerRow(spec)
  const kernel = await device.kernel(scoreMacr, { ...constants, itemWeight, userWeight, userTower })
  return { dispatches: [kernel.bind(buffers, Math.ceil(spec.batch / rowsPerWorkgroup))], destroy: () => undefined }
}
