import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import type { MostRuns, StepConstants } from './stepConstants.ts'
import { distanceCorrelationGradient, meanDistanceProducts, meanDistances, meanOverRuns } from './wgsl.generated.ts'

/** The gradient of the distance correlation between the halves of a step's distinct rows, users and items apart. */
export interface DistanceCorrelation {
  readonly dispatches: readonly Dispatch[]
  readonly destroy: () => void
}

export interface DistanceCorrelationBuffers {
  /** Final rows, as they are at the beginning of the step. */
  readonly embeddings: GPUBuffer
  readonly runs: GPUBuffer
  /** Where the gradient goes: `discrepancyPlace` in wgsl/snapshots.wgsl. */
  readonly snapshots: GPUBuffer
}

/**
 * Three passes over all pairs of rows, each with the distances computed anew, and between them the means over all rows, which the
 * next pass needs: n² work, but memory for n.
 */
export async function createDistanceCorrelation(
  device: KernelDevice,
  { recording, snapshotParts, secondCoefficient, ...shape }: StepConstants,
  weight: number,
  most: MostRuns,
  { embeddings, runs, snapshots }: DistanceCorrelationBuffers,
): Promise<DistanceCorrelation> {
  const { batch, negatives, workgroupSize, lanes } = shape
  const [distances, distanceProducts, gradient, overRuns] = await Promise.all([
    device.kernel(meanDistances, shape),
    device.kernel(meanDistanceProducts, shape),
    device.kernel(distanceCorrelationGradient, { ...shape, recording, snapshotParts, secondCoefficient, weight }),
    device.kernel(meanOverRuns, { batch, negatives }),
  ])
  const own = await device.allocate('the means of distances', () => ({
    meansOfRuns: device.storage('mean distances of rows', (most.users + most.items) * 16),
    means: device.storage('mean distances', 2 * 16),
    productsOfRuns: device.storage('mean products of distances of rows', (most.users + most.items) * 16),
    products: device.storage('mean products of distances', 2 * 16),
  }))
  const { meansOfRuns, means, productsOfRuns, products } = own
  const rowsPerWorkgroup = workgroupSize / lanes
  const workgroups = Math.ceil(most.users / rowsPerWorkgroup) + Math.ceil(most.items / rowsPerWorkgroup)
  return {
    dispatches: [
      distances.bind({ runs, embeddings, meansOfRuns }, workgroups),
      overRuns.bind({ runs, values: meansOfRuns, means }, 2),
      distanceProducts.bind({ runs, embeddings, meansOfRuns, means, productsOfRuns }, workgroups),
      overRuns.bind({ runs, values: productsOfRuns, means: products }, 2),
      gradient.bind({ runs, embeddings, meansOfRuns, means, products, snapshots }, workgroups),
    ],
    destroy: () => {
      for (const buffer of Object.values(own)) buffer.destroy()
    },
  }
}
