import type { FitSpec } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { lanesFor } from './tuning.ts'
import { score } from './wgsl.generated.ts'

/** The first half of a step: from triples to losses, coefficients and snapshots. */
export interface ScoreStage {
  readonly dispatch: Dispatch
  /** See kernels/score.wgsl for what lies in these. */
  readonly snapshots: GPUBuffer
  readonly coefficients: GPUBuffer
  readonly losses: GPUBuffer
}

/** Constants shared by the two halves of a step, and how many rows a workgroup works on. */
export function stepConstants(
  device: KernelDevice,
  { batch, dimension, sampler }: FitSpec,
): {
  readonly constants: {
    readonly vectors: number
    readonly lanes: number
    readonly workgroupSize: number
    readonly batch: number
    readonly negatives: number
  }
  readonly rowsPerWorkgroup: number
} {
  const vectors = dimension / 4
  const lanes = lanesFor(vectors, device.tuning)
  const { workgroupSize } = device.tuning
  return {
    constants: { vectors, lanes, workgroupSize, batch, negatives: sampler.negatives },
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
  const { batch, dimension, sampler } = spec
  const { constants, rowsPerWorkgroup } = stepConstants(device, spec)
  const kernel = await device.kernel(score, constants)
  return device.allocate('the snapshots of a step', () => {
    const snapshots = device.storage('snapshots of a batch', 2 * batch * dimension * 4)
    const coefficients = device.storage('coefficients of a batch', batch * (sampler.negatives + 2) * 4)
    const losses = device.storage('losses of a horizon', horizon * batch * 4)
    const buffers = { embeddings, rowsOfStep, snapshots, coefficients, losses }
    return { dispatch: kernel.bind(buffers, Math.ceil(batch / rowsPerWorkgroup)), snapshots, coefficients, losses }
  })
}
