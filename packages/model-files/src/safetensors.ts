import { ModelFileError } from './errors.ts'
import { littleEndianBytes, numbersOf, type NumberArray } from './littleEndian.ts'
import {
  DTYPE_BYTES,
  LENGTH_BYTES,
  LONGEST_HEADER,
  METADATA_KEY,
  parseHeader,
  readHeaderLength,
  type Dtype,
} from './safetensorsHeader.ts'
import type { Tensor } from './tensor.ts'

/**
 * What a safetensors file holds: named tensors, and texts about the file. The format is 8 bytes with the header's length
 * (little-endian), a JSON header `{name: {dtype, shape, data_offsets}, __metadata__: {…}}`, then the tensors' bytes.
 */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Takes a file apart. Tensors are views of `file` where they are aligned in memory, as they are in files that `encodeSafetensors`
 * made and in arrays that begin at their buffer's first byte; else copies.
 *
 * @param source the file's name, for messages
 * @throws ModelFileError for anything but float32, float64, uint32, int32 and uint8, and for every file that breaks the format's rules
 */
export function decodeSafetensors(source: string, file: Uint8Array): Safetensors {
  const headerLength = readHeaderLength(source, file.subarray(0, LENGTH_BYTES), file.length)
  const data = file.subarray(LENGTH_BYTES + headerLength)
  const header = parseHeader(source, file.subarray(LENGTH_BYTES, LENGTH_BYTES + headerLength), data.length)
  const tensors = new Map<string, Tensor>()
  for (const { name, dtype, shape, begin, end } of header.entries) {
    tensors.set(name, { shape, values: numbersOfDtype(dtype, data.subarray(begin, end)) })
  }
  return { tensors, metadata: header.metadata }
}

/** A whole file in one piece. The same content makes the same bytes, whatever the order of the maps. Throws `ModelFileError`. */
export function encodeSafetensors(source: string, content: Safetensors): Uint8Array<ArrayBuffer> {
  const chunks = safetensorsChunks(source, content)
  const file = new Uint8Array(chunks.reduce((bytes, chunk) => bytes + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    file.set(chunk, at)
    at += chunk.length
  }
  return file
}

/**
 * A whole file as the pieces that follow one another: the header, then views of the tensors, widest elements first, then by
 * name. So every tensor begins at a multiple of its element's size, and nothing is copied.
 *
 * @param source the file's name, for messages
 * @throws ModelFileError for a shape that does not fit its values, numbers of another kind, and names that cannot be written
 */
export function safetensorsChunks(source: string, content: Safetensors): Uint8Array[] {
  const order = Object.keys(DTYPE_BYTES)
  const tensors = [...content.tensors]
    .map(([name, tensor]) => ({ name, tensor, dtype: checkedDtype(source, name, tensor) }))
    .sort((a, b) => order.indexOf(a.dtype) - order.indexOf(b.dtype) || byText(a.name, b.name))
  const fields: string[] = []
  if (content.metadata.size > 0) {
    const texts = [...content.metadata].sort(([a], [b]) => byText(a, b)).map(([key, text]) => field(source, key, text))
    fields.push(`"${METADATA_KEY}":{${texts.join(',')}}`)
  }
  let begin = 0
  for (const { name, tensor, dtype } of tensors) {
    const end = begin + tensor.values.byteLength
    fields.push(field(source, name, { dtype, shape: tensor.shape, data_offsets: [begin, end] }))
    begin = end
  }
  return [
    headerBytes(source, `{${fields.join(',')}}`),
    ...tensors.map(({ tensor }) => littleEndianBytes(tensor.values)),
  ]
}

/** The header's length and the header, with spaces behind it so that the tensors begin at a multiple of 8 bytes. */
function headerBytes(source: string, json: string): Uint8Array {
  const text = new TextEncoder().encode(json)
  const length = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES
  if (length > LONGEST_HEADER) {
    throw new ModelFileError(source, `the header would be ${length} bytes long; expected at most ${LONGEST_HEADER}`)
  }
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, LENGTH_BYTES)
  return bytes
}

function field(source: string, name: string, value: unknown): string {
  const text = typeof value === 'string' ? name + value : name
  // Half a surrogate pair has no UTF-8.
  if (/\p{Surrogate}/u.test(text)) {
    throw new ModelFileError(
      source,
      `${JSON.stringify(text)} is not valid Unicode; expected texts without lone surrogates`,
    )
  }
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`
}

function checkedDtype(source: string, name: string, { shape, values }: Tensor): Dtype {
  if (name === METADATA_KEY)
    throw new ModelFileError(source, `a tensor cannot be called "${name}"; choose another name`)
  const dtype = dtypeOf(values)
  if (dtype === undefined) {
    throw new ModelFileError(
      source,
      `tensor "${name}" is a ${(values as object).constructor.name}; expected float32, float64, uint32, int32 or uint8`,
    )
  }
  const elements = shape.reduce((product, length) => product * length, 1)
  if (elements !== values.length || shape.some((length) => !Number.isSafeInteger(length) || length < 0)) {
    throw new ModelFileError(
      source,
      `tensor "${name}" has ${values.length} values; expected ${elements} for the shape [${shape.join(', ')}]`,
    )
  }
  return dtype
}

function dtypeOf(values: NumberArray): Dtype | undefined {
  if (values instanceof Float64Array) return 'F64'
  if (values instanceof Float32Array) return 'F32'
  if (values instanceof Uint32Array) return 'U32'
  if (values instanceof Int32Array) return 'I32'
  return values instanceof Uint8Array ? 'U8' : undefined
}

/** The bytes of a tensor as its numbers. */
export function numbersOfDtype(dtype: Dtype, bytes: Uint8Array): NumberArray {
  switch (dtype) {
    case 'F64':
      return numbersOf(Float64Array, bytes)
    case 'F32':
      return numbersOf(Float32Array, bytes)
    case 'U32':
      return numbersOf(Uint32Array, bytes)
    case 'I32':
      return numbersOf(Int32Array, bytes)
    case 'U8':
      return numbersOf(Uint8Array, bytes)
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
