import { DataFormatError } from '../errors.ts'

/** One array of a NumPy file: little-endian, C order. */
export interface NpyArray {
  /** NumPy's type string: `<i4`, `<i8`, `<f4`, `<f8`, `|S3`, … */
  readonly type: string
  readonly shape: readonly number[]
  /** The elements' bytes. */
  readonly bytes: Uint8Array
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
const encoder = new TextEncoder()
const decoder = new TextDecoder('latin1')

/**
 * Takes a `.npy` file apart (METHODS.md §9.3: magic, version, header length, a Python dictionary, the data). Throws
 * `DataFormatError` where the header is not one or the data are shorter or longer than the header says.
 */
export function decodeNpy(source: string, file: Uint8Array): NpyArray {
  if (file.length < 10 || MAGIC.some((byte, at) => file[at] !== byte)) {
    throw new DataFormatError({ source }, 'this is no NumPy array; expected it to begin with \\x93NUMPY')
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const wide = file[6]! >= 2
  const begin = wide ? 12 : 10
  const headerLength = file.length < begin ? 0 : wide ? view.getUint32(8, true) : view.getUint16(8, true)
  const header = decoder.decode(file.subarray(begin, begin + headerLength))
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1]
  const shapeText = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1]
  if (type === undefined || shapeText === undefined || !/'fortran_order':\s*(True|False)/.test(header)) {
    throw new DataFormatError(
      { source },
      `the NumPy header is ${JSON.stringify(header.slice(0, 80).trim())}; expected 'descr', 'fortran_order' and 'shape'`,
    )
  }
  const shape = shapeText
    .split(',')
    .filter((each) => each.trim() !== '')
    .map(Number)
  if (shape.length > 1 && header.includes("'fortran_order': True")) {
    throw new DataFormatError({ source }, 'the array is in Fortran order; expected C order')
  }
  const elements = shape.reduce((product, length) => product * length, 1)
  const bytes = file.subarray(begin + headerLength)
  const expected = elements * elementSize(source, type)
  if (bytes.length !== expected) {
    throw new DataFormatError(
      { source },
      `the array holds ${bytes.length} bytes; expected ${expected} for ${elements} elements of type ${type}: the file is ` +
        'cut short or damaged',
    )
  }
  return { type, shape, bytes }
}

/** The elements as numbers. Throws `DataFormatError` unless the type is one of `accepted`. */
export function npyNumbers(
  source: string,
  array: NpyArray,
  accepted: readonly NumberType[],
): Int32Array | Float64Array {
  const { type, bytes } = array
  if (!accepted.some((each) => each === type)) {
    throw new DataFormatError({ source }, `the elements are of type ${type}; expected ${accepted.join(' or ')}`)
  }
  // A copy is aligned whatever the member's place in the file was, and lets the file go.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { size, read } = READERS[type as NumberType]
  const length = bytes.length / size
  const numbers = type === '<i4' ? new Int32Array(length) : new Float64Array(length)
  for (let k = 0; k < length; k++) numbers[k] = read(view, k * size)
  return numbers
}

/** The text of a NumPy string (`|S…`, bytes, or `<U…`, UTF-32), or undefined for any other type. */
export function npyText(array: NpyArray): string | undefined {
  if (array.type.startsWith('|S')) return decoder.decode(array.bytes).replaceAll('\0', '')
  if (!array.type.startsWith('<U')) return undefined
  return decoder.decode(array.bytes.filter((_, at) => at % 4 === 0)).replaceAll('\0', '')
}

/** A `.npy` file, version 1.0, its header padded so that the data begin at a multiple of 64 bytes. */
export function encodeNpy(array: NpyArray): Uint8Array<ArrayBuffer> {
  const shape = `(${array.shape.join(', ')}${array.shape.length === 1 ? ',' : ''})`
  const dictionary = `{'descr': '${array.type}', 'fortran_order': False, 'shape': ${shape}, }`
  const padding = 64 - ((10 + dictionary.length + 1) % 64)
  const header = encoder.encode(`${dictionary}${' '.repeat(padding % 64)}\n`)
  const file = new Uint8Array(10 + header.length + array.bytes.length)
  file.set([...MAGIC, 1, 0, header.length & 0xff, header.length >>> 8])
  file.set(header, 10)
  file.set(array.bytes, 10 + header.length)
  return file
}

/** Types that `npyNumbers` can read. 64-bit integers come as doubles, so they are exact up to 2^53. */
export type NumberType = '<i4' | '<i8' | '<f4' | '<f8'

const READERS: Record<NumberType, { readonly size: number; readonly read: (view: DataView, at: number) => number }> = {
  '<i4': { size: 4, read: (view, at) => view.getInt32(at, true) },
  '<i8': { size: 8, read: (view, at) => view.getUint32(at, true) + view.getInt32(at + 4, true) * 4294967296 },
  '<f4': { size: 4, read: (view, at) => view.getFloat32(at, true) },
  '<f8': { size: 8, read: (view, at) => view.getFloat64(at, true) },
}

function elementSize(source: string, type: string): number {
  const match = /^[<>|=]([a-zA-Z])(\d+)$/.exec(type)
  if (match !== null) return Number(match[2]) * (match[1] === 'U' ? 4 : 1)
  throw new DataFormatError({ source }, `the elements are of type ${type}; expected numbers or a string`)
}
