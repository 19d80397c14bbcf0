import { ModelFileError } from './errors.ts'
import { repeatedKey } from './repeatedKey.ts'

/** Bytes of the number before the header, which says how long the header is. */
export const LENGTH_BYTES = 8

/** The longest header that readers accept; the format's own implementation has the same limit. */
export const LONGEST_HEADER = 100_000_000

/** Where the header keeps what is said about the whole file; no tensor can have this name. */
export const METADATA_KEY = '__metadata__'

/** Bytes of one element of each supported kind, in the order in which tensors are written, widest first. */
export const DTYPE_BYTES = { F64: 8, F32: 4, U32: 4, I32: 4, U8: 1 } as const

export type Dtype = keyof typeof DTYPE_BYTES

export interface TensorEntry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** First byte, counted from the end of the header. */
  readonly begin: number
  /** Behind the last byte. */
  readonly end: number
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly entries: readonly TensorEntry[]
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * How long the header is.
 *
 * @param start the file's first 8 bytes, or all where it is shorter
 * @param fileLength of the whole file, in bytes
 */
export function readHeaderLength(source: string, start: Uint8Array, fileLength: number): number {
  if (fileLength < LENGTH_BYTES || start.length < LENGTH_BYTES) {
    throw new ModelFileError(source, `the file ends after ${fileLength} bytes; expected a safetensors file: at least 8`)
  }
  const view = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES)
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
  if (length > LONGEST_HEADER) {
    throw new ModelFileError(
      source,
      `the header would be ${length} bytes long; expected at most ${LONGEST_HEADER}: this is no safetensors file`,
    )
  }
  if (length > fileLength - LENGTH_BYTES) {
    throw new ModelFileError(
      source,
      `the file ends inside its header, after ${fileLength} bytes; expected ${LENGTH_BYTES + length}: it was cut short`,
    )
  }
  return length
}

/**
 * Takes a header apart and checks it against the file: every byte behind the header belongs to exactly one tensor.
 *
 * @param dataLength bytes behind the header
 */
export function parseHeader(source: string, header: Uint8Array, dataLength: number): SafetensorsHeader {
  const metadata = new Map<string, string>()
  const entries: TensorEntry[] = []
  for (const [name, value] of Object.entries(headerObject(source, header))) {
    if (name !== METADATA_KEY) {
      entries.push(tensorEntry(source, name, value))
      continue
    }
    if (!isObject(value)) throw new ModelFileError(source, 'the metadata are no object; expected names and texts')
    for (const [key, text] of Object.entries(value)) {
      if (typeof text !== 'string') {
        throw new ModelFileError(source, `the metadata's "${key}" is ${JSON.stringify(text)}; expected a text`)
      }
      metadata.set(key, text)
    }
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end)
  checkCoverage(source, entries, dataLength)
  return { entries, metadata }
}

function headerObject(source: string, header: Uint8Array): Record<string, unknown> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header)
  } catch (cause) {
    throw new ModelFileError(source, 'the header is not UTF-8; expected JSON: this is no safetensors file', { cause })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ModelFileError(source, 'the header is not JSON: this is no safetensors file, or a damaged one', { cause })
  }
  if (!text.startsWith('{') || !isObject(value)) {
    throw new ModelFileError(source, 'the header does not begin with "{"; expected a JSON object')
  }
  // JSON.parse keeps the last of equal names and says nothing.
  const repeated = repeatedKey(text)
  if (repeated !== undefined) {
    throw new ModelFileError(source, `the header has the name "${repeated}" twice; expected every name once`)
  }
  return value
}

function tensorEntry(source: string, name: string, value: unknown): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {}
  if (typeof dtype !== 'string' || !isArrayOfSizes(shape) || !isArrayOfSizes(offsets) || offsets.length !== 2) {
    throw new ModelFileError(
      source,
      `tensor "${name}" is described as ${(JSON.stringify(value) ?? '').slice(0, 120)}; ` +
        'expected dtype, shape and data_offsets, with whole numbers from 0',
    )
  }
  if (!isDtype(dtype)) {
    const known = Object.keys(DTYPE_BYTES).join(', ')
    throw new ModelFileError(
      source,
      `tensor "${name}" has the type ${dtype}; expected one of ${known}: convert it first`,
    )
  }
  const [begin = 0, end = 0] = offsets
  const bytes = shape.reduce((product, length) => product * length, DTYPE_BYTES[dtype])
  if (end - begin !== bytes) {
    throw new ModelFileError(
      source,
      `tensor "${name}" has ${end - begin} bytes (${begin} to ${end}); ` +
        `expected ${bytes} for ${dtype} of the shape [${shape.join(', ')}]`,
    )
  }
  return { name, dtype, shape, begin, end }
}

/** Tensors lie one behind the other, from the first byte to the last, without gaps and without sharing any. */
function checkCoverage(source: string, entries: readonly TensorEntry[], dataLength: number): void {
  let covered = 0
  for (const { name, begin, end } of entries) {
    if (end > dataLength) {
      throw new ModelFileError(
        source,
        `tensor "${name}" would end at byte ${end} of ${dataLength}: the file was cut short, or is damaged`,
      )
    }
    if (begin < covered) {
      throw new ModelFileError(
        source,
        `tensor "${name}" begins at byte ${begin}, inside the one before it, which ends at ${covered}`,
      )
    }
    if (begin > covered) {
      throw new ModelFileError(source, `bytes ${covered} to ${begin}, before tensor "${name}", belong to no tensor`)
    }
    covered = end
  }
  if (covered < dataLength) {
    throw new ModelFileError(source, `bytes ${covered} to ${dataLength}, at the end, belong to no tensor`)
  }
}

function isDtype(text: string): text is Dtype {
  return Object.hasOwn(DTYPE_BYTES, text)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isArrayOfSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0)
}
