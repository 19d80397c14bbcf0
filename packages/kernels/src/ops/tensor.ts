import { SpecError } from '@gradrec/engine'
import type { KernelDevice } from '../kernelDevice.ts'

/** A row-major float32 matrix on a device. */
export interface Tensor {
  readonly device: KernelDevice
  readonly rows: number
  readonly dimension: number
  readonly buffer: GPUBuffer
}

/** Unsigned whole numbers on a device, usually row numbers. */
export interface Indices {
  readonly device: KernelDevice
  readonly length: number
  readonly buffer: GPUBuffer
}

/** Puts a rows × dimension matrix on the device; zeros without `values`. */
export function tensor(device: KernelDevice, rows: number, dimension: number, values?: Float32Array): Tensor {
  if (values !== undefined && values.length !== rows * dimension) {
    throw new SpecError(`a ${rows} × ${dimension} tensor takes ${rows * dimension} numbers; got ${values.length}`)
  }
  const label = `tensor ${rows} × ${dimension}`
  const buffer = values === undefined ? device.storage(label, rows * dimension * 4) : device.upload(label, values)
  return { device, rows, dimension, buffer }
}

/** Puts row numbers on the device. */
export function indices(device: KernelDevice, values: Uint32Array): Indices {
  return { device, length: values.length, buffer: device.upload(`${values.length} indices`, values) }
}

/** Copies a tensor to the host, after everything submitted before. */
export async function readTensor({ device, buffer, rows, dimension }: Tensor): Promise<Float32Array> {
  return device.readFloats(buffer, rows * dimension)
}

/** Copies indices to the host, after everything submitted before. */
export async function readIndices({ device, buffer, length }: Indices): Promise<Uint32Array> {
  return device.readWords(buffer, length)
}

/** Quarter of a tensor's width; the ops work on four numbers at a time. */
export function vectorsOf({ dimension }: Pick<Tensor, 'dimension'>): number {
  if (dimension % 4 !== 0) throw new SpecError(`the tensor has ${dimension} columns; expected a multiple of 4`)
  return dimension / 4
}

/** Throws unless all the tensors have one shape. */
export function checkSameShape(first: Tensor, ...others: readonly Tensor[]): void {
  for (const other of others) {
    if (other.rows === first.rows && other.dimension === first.dimension) continue
    throw new SpecError(
      `tensors of ${first.rows} × ${first.dimension} and ${other.rows} × ${other.dimension} were given; expected one shape`,
    )
  }
}
