import type { Matrix } from '@gradrec/engine'
import { ModelFileError } from './errors.ts'
import type { NumberArray } from './littleEndian.ts'

/** Numbers in row-major order; what kind is said by the array that holds them. */
export interface Tensor<T extends NumberArray = NumberArray> {
  /** Lengths of the axes, the slowest first. Empty for a single number. Their product is `values.length`. */
  readonly shape: readonly number[]
  readonly values: T
}

/** A matrix as a tensor of two axes; shares its values. */
export function tensorOfMatrix({ rows, dimension, values }: Matrix): Tensor<Float32Array> {
  return { shape: [rows, dimension], values }
}

/**
 * The tensor of that name as a matrix; shares its values.
 *
 * @param source the file's name, for messages
 * @throws ModelFileError where there is no such tensor, or it has not two axes, or its numbers are not float32
 */
export function matrixOfTensor(source: string, tensors: ReadonlyMap<string, Tensor>, name: string): Matrix {
  const tensor = tensors.get(name)
  if (tensor === undefined) {
    const names = [...tensors.keys()].map((each) => `"${each}"`).join(', ')
    throw new ModelFileError(source, `there is no tensor "${name}"; expected one beside ${names || 'none at all'}`)
  }
  const [rows, dimension, ...more] = tensor.shape
  if (rows === undefined || dimension === undefined || more.length > 0) {
    const shape = `[${tensor.shape.join(', ')}]`
    throw new ModelFileError(source, `tensor "${name}" has the shape ${shape}; expected a matrix, [rows, dimension]`)
  }
  if (!(tensor.values instanceof Float32Array)) {
    const kind = tensor.values.constructor.name
    throw new ModelFileError(source, `the numbers of tensor "${name}" are a ${kind}; expected float32`)
  }
  return { rows, dimension, values: tensor.values }
}
