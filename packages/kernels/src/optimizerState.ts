import type { Optimizer } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { adam, sgd } from './wgsl.generated.ts'

/** Names of the state an optimizer keeps per number of the table. */
export function slotNames(optimizer: Optimizer): readonly string[] {
  if (optimizer.kind === 'sgd') return []
  return optimizer.amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v']
}

/** Step size and bias correction of optimizer step t (from 1), in double precision. */
export function stepScalars(optimizer: Optimizer, t: number): { stepSize: number; sqrtCorrection: number } {
  if (optimizer.kind === 'sgd') return { stepSize: optimizer.learningRate, sqrtCorrection: 1 }
  return {
    stepSize: optimizer.learningRate / (1 - optimizer.beta1 ** t),
    sqrtCorrection: Math.sqrt(1 - optimizer.beta2 ** t),
  }
}

/** What an update needs of its surroundings: see wgsl/rowGradient.wgsl. */
export interface UpdateBuffers {
  readonly table: GPUBuffer
  readonly slots: Readonly<Record<string, GPUBuffer>>
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
  const { table, slots, gradient, touched } = buffers
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
  const kernel = await device.kernel(adam, {
    ...constants,
    beta2: optimizer.beta2,
    oneMinusBeta1: 1 - optimizer.beta1,
    oneMinusBeta2: 1 - optimizer.beta2,
    epsilon: optimizer.epsilon,
    amsgrad: optimizer.amsgrad ? 1 : 0,
  })
  const m = slot(slots, 'm')
  const v = slot(slots, 'v')
  // Without amsgrad the shader never touches vMax; the binding still wants a buffer no other binding writes.
  const vMax = optimizer.amsgrad ? slot(slots, 'vMax') : device.unused
  return kernel.bind({ table, m, v, vMax, gradient, touched }, workgroups)
}

function slot(slots: Readonly<Record<string, GPUBuffer>>, name: string): GPUBuffer {
  const buffer = slots[name]
  if (buffer === undefined) throw new Error(`optimizer state "${name}" was not allocated`)
  return buffer
}
