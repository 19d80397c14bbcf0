import type { FitSpec } from '@gradrec/engine'
import { bindDiceScore } from './diceScore.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { bindMacrScore } from './macrScore.ts'
import { bindPairwiseScore } from './pairwiseScore.ts'
import { snapshotBytes } from './stepConstants.ts'

/** The first half of a step: from triples to losses, coefficients and snapshots. */
export interface ScoreStage {
  readonly dispatches: readonly Dispatch[]
  /** See wgsl/snapshots.wgsl. */
  readonly snapshots: GPUBuffer
  /** See kernels/score.wgsl. */
  readonly losses: GPUBuffer
  readonly destroy: () => void
}

/** What every objective's kernel reads and writes. */
export interface ScoreBuffers {
  /** What is scored: the table itself, or its propagation. */
  readonly embeddings: GPUBuffer
  readonly rowsOfStep: GPUBuffer
  readonly snapshots: GPUBuffer
  readonly losses: GPUBuffer
}

/** What single objectives read besides. */
interface FurtherInputs {
  readonly table: GPUBuffer
  readonly runs: GPUBuffer
}

/** An objective's kernels, and what they alone look at. */
export interface BoundScore {
  readonly dispatches: readonly Dispatch[]
  readonly destroy: () => void
}

/** @param horizon steps planned at once */
export async function createScoreStage(
  device: KernelDevice,
  spec: FitSpec,
  horizon: number,
  { table, runs, ...inputs }: Pick<ScoreBuffers, 'embeddings' | 'rowsOfStep'> & FurtherInputs,
): Promise<ScoreStage> {
  const own = await device.allocate('the snapshots of a step', () => ({
    snapshots: device.storage('snapshots of a batch', snapshotBytes(spec)),
    losses: device.storage('losses of a horizon', horizon * spec.batch * 4),
  }))
  const { dispatches, destroy } = await bindScore(device, spec, { table, runs }, { ...inputs, ...own })
  return {
    ...own,
    dispatches,
    destroy: () => {
      for (const buffer of Object.values(own)) buffer.destroy()
      destroy()
    },
  }
}

function bindScore(
  device: KernelDevice,
  spec: FitSpec,
  { table, runs }: FurtherInputs,
  buffers: ScoreBuffers,
): Promise<BoundScore> {
  const { objective } = spec
  switch (objective.kind) {
    case 'dice':
      return bindDiceScore(device, spec, objective, { ...buffers, runs })
    case 'macr':
      return bindMacrScore(device, spec, objective, { ...buffers, table })
    default:
      return bindPairwiseScore(device, spec, objective, buffers)
  }
}
