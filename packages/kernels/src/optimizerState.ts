import type { AdamOptimizer, Optimizer } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { adam, sgd } from './wgsl.generated.ts'

/** Names of what an optimizer keeps for every number of the table, in the order in which it lies in the moments' buffer. */
export function slotNames(optimizer: Optimizer): readonly string[] {
  if (optimizer.kind === 'sgd') return []
  return optimizer.amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v']
}

/** From the device's layout, where the slots of four numbers lie together, to one array a slot. */
export function splitMoments(moments: Float32Array, names: readonly string[]): Record<string, Float32Array> {
  const length = moments.length / Math.max(1, names.length)
  return Object.fromEntries(
    names.map((name, slot) => {
      const values = new Float32Array(length)
      for (let n = 0; n < length; n++) values[n] = moments[((n >> 2) * names.length + slot) * 4 + (n & 3)]!
      return [name, values]
    }),
  )
}

/** The opposite of `splitMoments`. */
export function joinMoments(slots: readonly Float32Array[]): Float32Array {
  const length = slots[0]?.length ?? 0
  const moments = new Float32Array(length * slots.length)
  for (const [slot, values] of slots.entries()) {
    for (let n = 0; n < length; n++) moments[((n >> 2) * slots.length + slot) * 4 + (n & 3)] = values[n]!
  }
  return moments
}

/** Step size and bias correction of optimizer step t (from 1), in double precision. */
export function stepScalars(optimizer: Optimizer, t: number): { stepSize: number; sqrtCorrection: number } {
  if (optimizer.kind === 'sgd') return { stepSize: optimizer.learningRate, sqrtCorrection: 1 }
  return {
    stepSize: optimizer.learningRate / (1 - optimizer.beta1 ** t),
    sqrtCorrection: Math.sqrt(1 - optimizer.beta2 ** t),
  }
}

/** Constants of wgsl/adamUpdate.wgsl. */
export function adamConstants({ beta1, beta2, epsilon, amsgrad }: AdamOptimizer): {
  beta2: number
  oneMinusBeta1: number
  oneMinusBeta2: number
  epsilon: number
  amsgrad: number
} {
  return { beta2, oneMinusBeta1: 1 - beta1, oneMinusBeta2: 1 - beta2, epsilon, amsgrad: amsgrad ? 1 : 0 }
}

/** What an update needs of its surroundings: see wgsl/rowGradient.wgsl. */
export interface UpdateBuffers {
  readonly table: GPUBuffer
  /** Of Adam; unused by SGD. */
  readonly storedMoments: GPUBuffer
  readonly gradient: GPUBuffer
  readonly touched: GPUBuffer
  /** True where `gradient` is valid for every row, not only for touched ones. */
  readonly gradientIsDense: boolean
  readonly l2: number
}

/** The dispatch that updates a table of `rows` × `dimension` numbers. */
export async function bindUpdate(
  device: KernelDevice,
  optimizer: Optimizer,
  rows: number,
  dimension: number,
  buffers: UpdateBuffers,
): Promise<Dispatch> {
  const { table, storedMoments, gradient, touched } = buffers
  const { workgroupSize } = device.tuning
  const vectorCount = (rows * dimension) / 4
  const workgroups = Math.ceil(vectorCount / workgroupSize)
  const constants = {
    vectors: dimension / 4,
    vectorCount,
    workgroupSize,
    gradientIsDense: buffers.gradientIsDense ? 1 : 0,
    l2: buffers.l2,
    weightDecay: optimizer.weightDecay,
  }
  if (optimizer.kind === 'sgd') {
    return (await device.kernel(sgd, constants)).bind({ table, gradient, touched }, workgroups)
  }
  const kernel = await device.kernel(adam, { ...constants, ...adamConstants(optimizer) })
  return kernel.bind({ table, storedMoments, gradient, touched }, workgroups)
}
