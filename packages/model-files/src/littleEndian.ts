/** Typed arrays whose elements all have the same number of bytes. */
export type NumberArray = Float32Array | Float64Array | Uint32Array | Int32Array | Uint8Array

/** How this machine lays out numbers. Nearly all are little-endian, as the file formats are; S/390 is not. */
const LITTLE_ENDIAN_MACHINE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** The numbers as bytes, lowest byte first. A view of the array where the machine works that way, else a copy. */
export function littleEndianBytes(values: NumberArray): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return LITTLE_ENDIAN_MACHINE ? bytes : withBytesReversed(bytes, values.BYTES_PER_ELEMENT)
}

/** What makes numbers of `BYTES_PER_ELEMENT` bytes each from a buffer, such as `Float32Array`. */
export interface NumberArrayType<T extends NumberArray> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T
}

/**
 * The numbers that lie in little-endian bytes. A view of them where the machine works that way and they are aligned, else a
 * copy. The number of bytes must be a multiple of the element's.
 */
export function numbersOf<T extends NumberArray>(type: NumberArrayType<T>, bytes: Uint8Array): T {
  const size = type.BYTES_PER_ELEMENT
  const native = LITTLE_ENDIAN_MACHINE ? bytes : withBytesReversed(bytes, size)
  // Not by slice, which gives a view where the bytes are a Node Buffer.
  const aligned = native.byteOffset % size === 0 ? native : new Uint8Array(native)
  return new type(aligned.buffer, aligned.byteOffset, aligned.byteLength / size)
}

/** A copy in which the bytes of each element of `size` bytes come in the opposite order. */
export function withBytesReversed(bytes: Uint8Array, size: number): Uint8Array {
  const reversed = new Uint8Array(bytes.length)
  for (let begin = 0; begin < bytes.length; begin += size) {
    reversed.set(bytes.subarray(begin, begin + size).toReversed(), begin)
  }
  return reversed
}
