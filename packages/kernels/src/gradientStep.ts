import type { FitSpec } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { lanesFor } from './tuning.ts'
import { score, segmentSum } from './wgsl.generated.ts'

/** What the gradient of a step is computed from and into. */
export interface GradientBuffers {
  /** The embeddings that are scored: the table itself, or its propagation. */
  readonly embeddings: GPUBuffer
  readonly rowsOfStep: GPUBuffer
  readonly runs: GPUBuffer
  readonly order: GPUBuffer
  readonly gradient: GPUBuffer
  readonly touched: GPUBuffer
}

/** The two dispatches that turn a step's triples into the gradient of every touched row, and the losses on the way. */
export class GradientStep {
  /** [steps of the horizon][batch], summed over a positive's negatives. */
  readonly losses: GPUBuffer
  readonly dispatches: readonly Dispatch[]
  readonly #scratch: readonly GPUBuffer[]

  private constructor(losses: GPUBuffer, dispatches: readonly Dispatch[], scratch: readonly GPUBuffer[]) {
    this.losses = losses
    this.dispatches = dispatches
    this.#scratch = scratch
  }

  static async create(
    device: KernelDevice,
    spec: FitSpec,
    horizon: number,
    buffers: GradientBuffers,
  ): Promise<GradientStep> {
    const { batch, dimension } = spec
    const { negatives } = spec.sampler
    const { workgroupSize } = device.tuning
    const vectors = dimension / 4
    const lanes = lanesFor(vectors, device.tuning)
    const constants = { vectors, lanes, workgroupSize, batch, negatives }
    const scoreKernel = await device.kernel(score, constants)
    const sumKernel = await device.kernel(segmentSum, constants)
    const rowsPerWorkgroup = workgroupSize / lanes
    const occurrences = batch * (negatives + 2)
    return device.allocate('the snapshots of a step', () => {
      const snapshots = device.storage('snapshots of a batch', 2 * batch * dimension * 4)
      const coefficients = device.storage('coefficients of a batch', occurrences * 4)
      const losses = device.storage('losses of a horizon', horizon * batch * 4)
      const { embeddings, rowsOfStep, runs, order, gradient, touched } = buffers
      const dispatches = [
        scoreKernel.bind(
          { embeddings, rowsOfStep, snapshots, coefficients, losses },
          Math.ceil(batch / rowsPerWorkgroup),
        ),
        sumKernel.bind(
          { runs, order, coefficients, snapshots, gradient, touched },
          Math.ceil(occurrences / rowsPerWorkgroup),
        ),
      ]
      return new GradientStep(losses, dispatches, [snapshots, coefficients, losses])
    })
  }

  destroy(): void {
    for (const buffer of this.#scratch) buffer.destroy()
  }
}
