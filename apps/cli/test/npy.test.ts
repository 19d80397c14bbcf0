import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { npyOf } from '../src/run/npy.ts'

it('is NumPy’s format, version 1.0', () => {
  const file = npyOf({ rows: 2, dimension: 4, values: Float32Array.of(0, 1, -1, 0.5, 2, 3, 4, 5) })
  expect(file.subarray(0, 8)).toEqual(Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1'))
  const headerLength = file.readUInt16LE(8)
  expect((10 + headerLength) % 64).toBe(0)
  expect(file.toString('latin1', 10, 10 + headerLength)).toMatch(
    /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 4\), \} *\n$/,
  )
  expect(file.length).toBe(10 + headerLength + 8 * 4)
  expect(file.readFloatLE(10 + headerLength + 3 * 4)).toBe(0.5)
})

it('keeps every value, also of a view into a larger buffer', () => {
  fc.assert(
    fc.property(fc.float32Array({ minLength: 8, maxLength: 8, noNaN: true }), (values) => {
      const view = new Float32Array([9, ...values]).subarray(1)
      const file = npyOf({ rows: 2, dimension: 4, values: view })
      const read = Array.from({ length: 8 }, (_, n) => file.readFloatLE(file.length - 32 + n * 4))
      expect(read).toEqual([...values])
    }),
  )
})
