import type { DiceObjective, FitSpec } from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'
import type { BoundScore, ScoreBuffers } from './scoreStage.ts'
import { stepConstants } from './stepConstants.ts'
import { scoreDice } from './wgsl.generated.ts'

/** The first half of a step with DICE: kernels/scoreDice.wgsl. */
export async function bindDiceScore(
  device: KernelDevice,
  spec: FitSpec,
  objective: DiceObjective,
  buffers: ScoreBuffers,
): Promise<BoundScore> {
  const { constants, rowsPerWorkgroup } = stepConstants(device, spec)
  const { interest, conformity } = objective
  const kernel = await device.kernel(scoreDice, {
    ...constants,
    interest,
    conformity,
    firstItem: spec.interactions.rows,
  })
  return device.allocate('the popularity of items', () => {
    const popularity = device.upload('popularity of items', objective.popularity)
    const dispatch = kernel.bind({ ...buffers, popularity }, Math.ceil(spec.batch / rowsPerWorkgroup))
    return { dispatch, buffers: [popularity] }
  })
}
