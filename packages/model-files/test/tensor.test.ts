import { expect, it } from 'vitest'
import { matrixOfTensor, ModelFileError, tensorOfMatrix, type Tensor } from '../src/index.ts'

const matrix = { rows: 2, dimension: 3, values: Float32Array.of(1, 2, 3, 4, 5, 6) }

it('turns a matrix into a tensor and back without a copy', () => {
  const tensors = new Map([['users', tensorOfMatrix(matrix)]])
  const back = matrixOfTensor('a', tensors, 'users')
  expect(back).toEqual(matrix)
  expect(back.values).toBe(matrix.values)
})

it('says why a tensor is no matrix', () => {
  const tensors = new Map<string, Tensor>([
    ['line', { shape: [2], values: Float32Array.of(1, 2) }],
    ['whole', { shape: [1, 1], values: Int32Array.of(1) }],
  ])
  const failure = (name: string) => () => matrixOfTensor('a', tensors, name)
  expect(failure('users')).toThrow(ModelFileError)
  expect(failure('users')).toThrow('a: there is no tensor "users"; expected one beside "line", "whole"')
  expect(failure('line')).toThrow('has the shape [2]; expected a matrix')
  expect(failure('whole')).toThrow('are a Int32Array; expected float32')
})
