import { ModelFileError } from './errors.ts'
import { littleEndianBytes, numbersOf } from './littleEndian.ts'

/** A row-major matrix of float32 or uint32 numbers; `@gradrec/engine`'s `Matrix` is one. */
export interface NpyMatrix {
  readonly rows: number
  readonly dimension: number
  readonly values: Float32Array | Uint32Array
}

/** The 10 bytes before a version 1.0 header: magic, version, header length. */
const PREFIX = 10
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** A matrix in NumPy's format, version 1.0, little-endian, row-major: `numpy.load` reads it. */
export function encodeNpy({ rows, dimension, values }: NpyMatrix): Uint8Array<ArrayBuffer> {
  const type = values instanceof Float32Array ? '<f4' : '<u4'
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${rows}, ${dimension}), }`
  // Header and prefix together fill 64-byte blocks; the header ends with a line feed.
  const headerLength = Math.ceil((PREFIX + dictionary.length + 1) / 64) * 64 - PREFIX
  const file = new Uint8Array(PREFIX + headerLength + values.byteLength)
  file.set([...MAGIC, 1, 0, headerLength & 0xff, headerLength >>> 8])
  file.set(new TextEncoder().encode(`${dictionary.padEnd(headerLength - 1)}\n`), PREFIX)
  file.set(littleEndianBytes(values), PREFIX + headerLength)
  return file
}

/**
 * Reads a matrix of float32 or uint32 numbers from NumPy's format, versions 1 to 3. The values are a view of `file` where they are
 * aligned in memory, else a copy.
 *
 * @param source the file's name, for messages
 * @throws ModelFileError for numbers of another kind or byte order, columns before rows, other than two axes, and damaged files
 */
export function decodeNpy(source: string, file: Uint8Array): NpyMatrix {
  if (file.length < PREFIX || MAGIC.some((byte, at) => file[at] !== byte)) {
    throw new ModelFileError(source, 'this is no NumPy array; expected it to begin with \\x93NUMPY')
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const wide = view.getUint8(6) >= 2
  const begin = wide ? PREFIX + 2 : PREFIX
  const headerLength = file.length < begin ? 0 : wide ? view.getUint32(8, true) : view.getUint16(8, true)
  const header = new TextDecoder().decode(file.subarray(begin, begin + headerLength))
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1]
  const columnsFirst = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  const shape = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1]
  if (type === undefined || columnsFirst === undefined || shape === undefined) {
    throw new ModelFileError(
      source,
      `the NumPy header is ${JSON.stringify(header.slice(0, 80).trim())}; expected descr, fortran_order and shape`,
    )
  }
  if (type !== '<f4' && type !== '<u4') {
    throw new ModelFileError(source, `the elements are of type ${type}; expected <f4 or <u4: convert them with astype`)
  }
  const [rows, dimension, ...more] = shape
    .split(',')
    .filter((each) => each.trim() !== '')
    .map(Number)
  if (rows === undefined || dimension === undefined || more.length > 0) {
    throw new ModelFileError(source, `the array's shape is (${shape.trim()}); expected a matrix, (rows, dimension)`)
  }
  if (columnsFirst === 'True') {
    throw new ModelFileError(
      source,
      'the array is in Fortran order; expected C order: convert it with ascontiguousarray',
    )
  }
  const bytes = file.subarray(begin + headerLength)
  if (bytes.length !== rows * dimension * 4) {
    throw new ModelFileError(
      source,
      `the array holds ${bytes.length} bytes; expected ${rows * dimension * 4} for ${rows} rows of ${dimension}: ` +
        'the file was cut short, or is damaged',
    )
  }
  const values = type === '<f4' ? numbersOf(Float32Array, bytes) : numbersOf(Uint32Array, bytes)
  return { rows, dimension, values }
}
