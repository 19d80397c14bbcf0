import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeNpy, encodeNpy, ModelFileError } from '../src/index.ts'

it('is NumPy’s format, version 1.0', () => {
  const file = Buffer.from(
    encodeNpy({ rows: 2, dimension: 4, values: Float32Array.of(0, 1, -1, 0.5, 2, 3, 4, 5) }).buffer,
  )
  expect(file.subarray(0, 8)).toEqual(Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1'))
  const headerLength = file.readUInt16LE(8)
  expect((10 + headerLength) % 64).toBe(0)
  expect(file.toString('latin1', 10, 10 + headerLength)).toMatch(
    /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 4\), \} *\n$/,
  )
  expect(file.length).toBe(10 + headerLength + 8 * 4)
  expect(file.readFloatLE(10 + headerLength + 3 * 4)).toBe(0.5)
})

it('gives back every value of either kind, also of a view into a larger buffer and at any place in memory', () => {
  const values = (length: number): fc.Arbitrary<Float32Array | Uint32Array> =>
    fc.oneof(
      fc.float32Array({ minLength: length, maxLength: length }),
      fc.uint32Array({ minLength: length, maxLength: length }),
    )
  const matrix = fc
    .tuple(fc.nat(5), fc.nat(5))
    .chain(([rows, dimension]) =>
      values(rows * dimension + 1).map((all) => ({ rows, dimension, values: all.subarray(1) })),
    )
  fc.assert(
    fc.property(matrix, fc.nat(7), (written, offset) => {
      const bytes = encodeNpy(written)
      const moved = new Uint8Array(offset + bytes.length)
      moved.set(bytes, offset)
      expect(decodeNpy('a.npy', moved.subarray(offset))).toEqual(written)
      expect(decodeNpy('a.npy', Buffer.from(moved.buffer, offset))).toEqual(written)
    }),
  )
})

it('reads the wider headers of versions 2 and 3', () => {
  const header = "{'descr': '<u4', 'fortran_order': False, 'shape': (1, 2), }\n"
  for (const version of [2, 3]) {
    const file = Buffer.concat([
      Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, header.length, 0, 0, 0]),
      Buffer.from(header),
      Buffer.from([7, 0, 0, 0, 0, 1, 0, 0]),
    ])
    expect(decodeNpy('a.npy', file)).toEqual({ rows: 1, dimension: 2, values: Uint32Array.of(7, 256) })
  }
})

it('says what is wrong with a file', () => {
  const file = (dictionary: string, bytes = 8): Buffer =>
    Buffer.concat([
      Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, dictionary.length, 0]),
      Buffer.from(dictionary),
      Buffer.alloc(bytes),
    ])
  const failure = (bytes: Uint8Array) => () => decodeNpy('a.npy', bytes)
  const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"
  expect(failure(Buffer.from('PK\u0003\u0004 a zip file'))).toThrow(ModelFileError)
  expect(failure(Buffer.alloc(3))).toThrow('a.npy: this is no NumPy array')
  expect(failure(file('{}'))).toThrow('the NumPy header is "{}"')
  expect(failure(file(good.replace('<f4', '<f8')))).toThrow('of type <f8; expected <f4 or <u4')
  expect(failure(file(good.replace('<f4', '>f4')))).toThrow('of type >f4')
  expect(failure(file(good.replace('False', 'True')))).toThrow('Fortran order')
  expect(failure(file(good.replace('(1, 2)', '(2,)')))).toThrow('shape is (2,); expected a matrix')
  expect(failure(file(good.replace('(1, 2)', '(1, 2, 1)')))).toThrow('expected a matrix')
  expect(failure(file(good, 7))).toThrow('holds 7 bytes; expected 8 for 1 rows of 2')
  expect(failure(file(good, 9))).toThrow('holds 9 bytes')
})
