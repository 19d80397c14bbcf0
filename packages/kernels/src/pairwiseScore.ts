import type { FitSpec, PairwiseObjective } from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'
import type { BoundScore, ScoreBuffers } from './scoreStage.ts'
import { stepConstants } from './stepConstants.ts'
import { score } from './wgsl.generated.ts'

/** The first half of a step with BPR or BCE: kernels/score.wgsl. */
export async function bindPairwiseScore(
  device: KernelDevice,
  spec: FitSpec,
  objective: PairwiseObjective,
  buffers: ScoreBuffers,
): Promise<BoundScore> {
  const { constants, rowsPerWorkgroup } = stepConstants(device, spec)
  const numbers = numbersOfItems(objective, spec.interactions.columnCount)
  const kernel = await device.kernel(score, {
    ...constants,
    objective: { bpr: 0, bce: 1 }[objective.kind],
    negativeWeight: objective.negativeWeight ?? 1,
    unitUsers: objective.userNorm === 'unit' ? 1 : 0,
    link: objective.link === 'elu' ? 1 : 0,
    hasItemNumbers: numbers.length > 0 ? 1 : 0,
    firstItem: numbers.length > 0 ? spec.interactions.rows : 0,
  })
  return device.allocate('the numbers of items', () => {
    const itemNumbers = device.upload('score factors and loss weights', numbers)
    const dispatch = kernel.bind({ ...buffers, itemNumbers }, Math.ceil(spec.batch / rowsPerWorkgroup))
    return { dispatches: [dispatch], destroy: () => itemNumbers.destroy() }
  })
}

/** (score factor, loss weight) of every item; nothing where all are 1. */
function numbersOfItems({ scoreFactors, lossWeights }: PairwiseObjective, items: number): Float32Array {
  if (scoreFactors === undefined && lossWeights === undefined) return new Float32Array(0)
  const numbers = new Float32Array(2 * items).fill(1)
  for (let item = 0; item < items; item++) {
    numbers[2 * item] = scoreFactors?.[item] ?? 1
    numbers[2 * item + 1] = lossWeights?.[item] ?? 1
  }
  return numbers
}
