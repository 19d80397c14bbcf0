import type { FitShape, FitSpec } from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'
import { lanesFor } from './tuning.ts'

/** Constants shared by the two halves of a step: see wgsl/laneGroup.wgsl and wgsl/snapshots.wgsl. */
export interface StepConstants {
  readonly vectors: number
  readonly lanes: number
  readonly workgroupSize: number
  readonly batch: number
  readonly negatives: number
  readonly recording: number
  readonly snapshotParts: number
  readonly secondCoefficient: number
}

/** The constants of a run's steps, and how many rows a workgroup works on. */
export function stepConstants(
  device: KernelDevice,
  spec: FitSpec,
): { readonly constants: StepConstants; readonly rowsPerWorkgroup: number } {
  const { batch, dimension, sampler, recording = 'none' } = spec
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
      ...snapshotShape(spec),
    },
    rowsPerWorkgroup: workgroupSize / lanes,
  }
}

/** Constants of wgsl/discrepancy.wgsl. */
export function discrepancyConstants({ objective }: FitSpec): {
  readonly discrepancy: number
  readonly discrepancyWeight: number
} {
  if (objective.kind !== 'dice') return { discrepancy: 0, discrepancyWeight: 0 }
  const { kind, weight } = objective.discrepancy
  return { discrepancy: { none: 0, l1: 1, l2: 2, dCor: 3 }[kind], discrepancyWeight: weight }
}

/** Size of the buffer of wgsl/snapshots.wgsl. */
export function snapshotBytes(spec: FitShape): number {
  const { batch, dimension, sampler, objective } = spec
  const { snapshotParts, secondCoefficient } = snapshotShape(spec)
  const coefficients = (secondCoefficient === 0 ? 1 : 2) * 4 * Math.ceil((sampler.negatives + 2) / 4)
  const { users, items } = mostRuns(spec)
  const hasDistances = objective.kind === 'dice' && objective.discrepancy.kind === 'dCor'
  const lastRows = { bpr: 0, bce: 0, dice: hasDistances ? users + items : 0, macr: 1 }[objective.kind]
  return 4 * (batch * (snapshotParts * dimension + coefficients) + lastRows * dimension)
}

/** Distinct rows of a step, at most. */
export interface MostRuns {
  readonly users: number
  readonly items: number
}

export function mostRuns({ interactions, batch, sampler }: FitShape): MostRuns {
  return {
    users: Math.min(interactions.rows, batch),
    items: Math.min(interactions.columnCount, batch * (sampler.negatives + 1)),
  }
}

function snapshotShape({
  objective,
  recording = 'none',
}: FitShape): Pick<StepConstants, 'snapshotParts' | 'secondCoefficient'> {
  switch (objective.kind) {
    case 'dice':
      return { snapshotParts: 2, secondCoefficient: 1 }
    case 'macr':
      return { snapshotParts: 3, secondCoefficient: 2 }
    default:
      return { snapshotParts: recording === 'none' ? 2 : 4, secondCoefficient: 0 }
  }
}
