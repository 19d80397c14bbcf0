import { rowOfEachEntry, type Csr } from '@gradrec/engine'
import { zipSync } from 'fflate'
import { encodeNpy } from './readers/npy.ts'

/**
 * One part of a data set as `scipy.sparse.load_npz` and `readNpz` read it: coordinate format, int32 indices, float64 ones
 * (METHODS.md §9.3). The same matrix gives the same bytes. Rows and columns must be below 2^31.
 */
export function writeNpz(matrix: Csr): Uint8Array<ArrayBuffer> {
  const entries = matrix.columns.length
  const row = littleEndian(rowOfEachEntry(matrix), 4, (view, at, value) => view.setInt32(at, value, true))
  const col = littleEndian(matrix.columns, 4, (view, at, value) => view.setInt32(at, value, true))
  const data = littleEndian(new Float64Array(entries).fill(1), 8, (view, at, value) => view.setFloat64(at, value, true))
  const shape = littleEndian([matrix.rows, matrix.columnCount], 8, (view, at, value) => view.setUint32(at, value, true))
  // A fixed date (the earliest that ZIP knows), so that equal content makes equal files.
  return zipSync(
    {
      'row.npy': encodeNpy({ type: '<i4', shape: [entries], bytes: row }),
      'col.npy': encodeNpy({ type: '<i4', shape: [entries], bytes: col }),
      'format.npy': encodeNpy({ type: '|S3', shape: [], bytes: new TextEncoder().encode('coo') }),
      'shape.npy': encodeNpy({ type: '<i8', shape: [2], bytes: shape }),
      'data.npy': encodeNpy({ type: '<f8', shape: [entries], bytes: data }),
    },
    { mtime: new Date(1980, 0, 1) },
  )
}

function littleEndian(
  values: ArrayLike<number>,
  size: number,
  write: (view: DataView, at: number, value: number) => void,
): Uint8Array {
  const bytes = new Uint8Array(values.length * size)
  const view = new DataView(bytes.buffer)
  for (let k = 0; k < values.length; k++) write(view, k * size, values[k]!)
  return bytes
}
