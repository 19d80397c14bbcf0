import * as fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, it } from 'vitest'
import { ModelFileError, vectorsToParquet } from '../src/index.ts'

it('gives back every id and vector', async () => {
  const table = fc
    .tuple(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 6 }), fc.nat(4))
    .chain(([ids, dimension]) => {
      const length = ids.length * dimension
      return fc.record({
        ids: fc.constant(ids),
        dimension: fc.constant(dimension),
        values: fc.float32Array({ minLength: length, maxLength: length }),
      })
    })
  await fc.assert(
    fc.asyncProperty(table, async ({ ids, dimension, values }) => {
      const file = vectorsToParquet('a.parquet', ids, { rows: ids.length, dimension, values })
      const rows = await parquetReadObjects({ file: file.buffer })
      expect(rows).toEqual(
        ids.map((id, row) => ({ id, vector: [...values.subarray(row * dimension, (row + 1) * dimension)] })),
      )
    }),
  )
})

it('tells readers that neither ids nor vectors nor numbers are ever missing', () => {
  const file = vectorsToParquet('a.parquet', ['x'], { rows: 1, dimension: 2, values: Float32Array.of(1, 2) })
  expect(parquetMetadata(file.buffer).schema.slice(1)).toMatchObject([
    { name: 'id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
    { name: 'vector', converted_type: 'LIST', repetition_type: 'REQUIRED' },
    { name: 'list', repetition_type: 'REPEATED' },
    { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
  ])
})

it('writes many rows as several row groups, from an id map', async () => {
  const [rows, dimension] = [2500, 1000]
  const values = Float32Array.from({ length: rows * dimension }, (_, n) => n)
  const ids = { size: rows, idOf: (row: number) => `item ${row}` }
  const file = vectorsToParquet('a.parquet', ids, { rows, dimension, values })
  expect(parquetMetadata(file.buffer).row_groups.map((group) => Number(group.num_rows))).toEqual([1048, 1048, 404])
  const [first] = await parquetReadObjects({ file: file.buffer, rowStart: 2047, rowEnd: 2048 })
  expect(first?.['id']).toBe('item 2047')
  expect(first?.['vector']).toEqual(Array.from({ length: dimension }, (_, n) => 2_047_000 + n))
})

it('refuses ids that do not count the rows', () => {
  const matrix = { rows: 2, dimension: 1, values: Float32Array.of(1, 2) }
  expect(() => vectorsToParquet('a.parquet', ['x'], matrix)).toThrow(ModelFileError)
  expect(() => vectorsToParquet('a.parquet', ['x'], matrix)).toThrow(
    'a.parquet: there are 1 ids; expected one for each of 2',
  )
})
