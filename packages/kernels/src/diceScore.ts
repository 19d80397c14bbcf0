import type { DiceObjective, FitSpec } from '@gradrec/engine'
import { createDistanceCorrelation } from './distanceCorrelation.ts'
import type { KernelDevice } from './kernelDevice.ts'
import type { BoundScore, ScoreBuffers } from './scoreStage.ts'
import { mostRuns, stepConstants } from './stepConstants.ts'
import { scoreDice } from './wgsl.generated.ts'

/** The first half of a step with DICE: kernels/scoreDice.wgsl, and the discrepancy that takes more than single rows. */
export async function bindDiceScore(
  device: KernelDevice,
  spec: FitSpec,
  objective: DiceObjective,
  buffers: ScoreBuffers & { readonly runs: GPUBuffer },
): Promise<BoundScore> {
  const { constants, rowsPerWorkgroup } = stepConstants(device, spec)
  const { interest, conformity, discrepancy } = objective
  const kernel = await device.kernel(scoreDice, {
    ...constants,
    interest,
    conformity,
    firstItem: spec.interactions.rows,
  })
  const correlation =
    discrepancy.kind === 'dCor'
      ? await createDistanceCorrelation(device, constants, discrepancy.weight, mostRuns(spec), buffers)
      : undefined
  return device.allocate('the popularity of items', () => {
    const popularity = device.upload('popularity of items', objective.popularity)
    const dispatch = kernel.bind({ ...buffers, popularity }, Math.ceil(spec.batch / rowsPerWorkgroup))
    return {
      dispatches: [dispatch, ...(correlation?.dispatches ?? [])],
      destroy: () => {
        popularity.destroy()
        correlation?.destroy()
      },
    }
  })
}
