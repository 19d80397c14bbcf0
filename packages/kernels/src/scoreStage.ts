import type { FitSpec } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { lanesFor } from './tuning.ts'
import { score } from './wgsl.generated.ts'

/** The first half of a step: from triples to losses, coefficients and snapshots. */
export interface ScoreStage {
  readonly dispatch: Dispatch
  /** See wgsl/snapshots.wgsl. */
  readonly snapshots: GPUBuffer
  /** See kernels/score.wgsl. */
  readonly losses: GPUBuffer
}

/** Constants shared by the two halves of a step, and how many rows a workgroup works on. */
export function stepConstants(
  device: KernelDevice,
  { batch, dimension, sampler, recording = 'none' }: FitSpec,
): {
  readonly constants: {
    readonly vectors: number
    readonly lanes: number
    readonly workgroupSize: number
    readonly batch: number
    readonly negatives: number
    readonly recording: number
  }
  readonly rowsPerWorkgroup: number
} {
  const vectors = dimension / 4
  const lanes = lanesFor(vectors, device.tuning)
  const { workgroupSize } = device.tuning
  return {
    constants: {
      vectors,
      lanes,
      workgroupSize,
      batch,
      negatives: sampler.negatives,
      recording: { none: 0, vector: 1, gradient: 2 }[recording],
    },
    rowsPerWorkgroup: workgroupSize / lanes,
  }
}

/**
 * @param embeddings what is scored: the table itself, or its propagation
 * @param horizon steps planned at once
 */
export async function createScoreStage(
  device: KernelDevice,
  spec: FitSpec,
  horizon: number,
  embeddings: GPUBuffer,
  rowsOfStep: GPUBuffer,
): Promise<ScoreStage> {
  const { batch, objective } = spec
  const { constants, rowsPerWorkgroup } = stepConstants(device, spec)
  const kernel = await device.kernel(score, {
    ...constants,
    objective: { bpr: 0, bce: 1 }[objective.kind],
    unitUsers: objective.userNorm === 'unit' ? 1 : 0,
  })
  return device.allocate('the snapshots of a step', () => {
    const snapshots = device.storage('snapshots of a batch', snapshotBytes(spec))
    const losses = device.storage('losses of a horizon', horizon * batch * 4)
    const buffers = { embeddings, rowsOfStep, snapshots, losses }
    return { dispatch: kernel.bind(buffers, Math.ceil(batch / rowsPerWorkgroup)), snapshots, losses }
  })
}

/** Rows and coefficients of wgsl/snapshots.wgsl, where coefficients fill whole vec4s. */
function snapshotBytes({ batch, dimension, sampler, recording = 'none' }: FitSpec): number {
  const rows = recording === 'none' ? 2 : 4
  return 4 * batch * (rows * dimension + 4 * Math.ceil((sampler.negatives + 2) / 4))
}
