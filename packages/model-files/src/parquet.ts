import type { Matrix } from '@gradrec/engine'
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import { ModelFileError } from './errors.ts'

/** The outside id of each row: a list, or an id map of a data set. */
export type RowIds = readonly string[] | { readonly size: number; idOf(row: number): string }

/** Neither a row nor a vector is ever missing, and the reader is told so. */
const SCHEMA: SchemaElement[] = [
  { name: 'vectors', num_children: 2 },
  { name: 'id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  { name: 'vector', converted_type: 'LIST', num_children: 1, repetition_type: 'REQUIRED' },
  { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
  { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
]

/** Numbers in a row group: what the writer takes apart at a time, so that memory stays bounded. */
const NUMBERS_PER_GROUP = 1 << 20

/**
 * Vectors as a Parquet file with the columns `id` (string) and `vector` (list of float, one list a row): ready for DuckDB,
 * pandas, or a vector database's import. Floats are stored as they are, since they hardly compress.
 *
 * @param source the file's name, for messages
 * @param ids one for each row of the matrix
 * @throws ModelFileError where there are more or fewer ids than rows
 */
export function vectorsToParquet(source: string, ids: RowIds, matrix: Matrix): Uint8Array<ArrayBuffer> {
  const { rows, dimension, values } = matrix
  const count = 'size' in ids ? ids.size : ids.length
  if (count !== rows) throw new ModelFileError(source, `there are ${count} ids; expected one for each of ${rows} rows`)
  const idOf = (row: number): string => ('size' in ids ? ids.idOf(row) : (ids[row] ?? ''))
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({ writer: bytes, schema: SCHEMA, createdBy: 'gradrec' })
  const rowsPerGroup = Math.max(1, Math.floor(NUMBERS_PER_GROUP / Math.max(1, dimension)))
  for (let begin = 0; begin < rows; begin += rowsPerGroup) {
    const length = Math.min(rowsPerGroup, rows - begin)
    const vectorOf = (row: number): number[] => [...values.subarray(row * dimension, (row + 1) * dimension)]
    writer.write({
      columnData: [
        { name: 'id', data: Array.from({ length }, (_, n) => idOf(begin + n)), encoding: 'PLAIN' },
        {
          name: 'vector',
          data: Array.from({ length }, (_, n) => vectorOf(begin + n)),
          encoding: 'PLAIN',
          codec: 'UNCOMPRESSED',
        },
      ],
      rowGroupSize: rowsPerGroup,
    })
  }
  writer.finish()
  return new Uint8Array(bytes.getBuffer())
}
