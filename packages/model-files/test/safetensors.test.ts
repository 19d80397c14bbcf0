import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSafetensors, encodeSafetensors, ModelFileError, type Safetensors, type Tensor } from '../src/index.ts'

const NO_TEXTS = new Map<string, string>()

function file(header: string | Uint8Array, data: readonly number[] = [], length?: number): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

/** What goes wrong, checked to be the right kind of error and to name the file. */
function failure(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFileError)
    expect(error).toMatchObject({ code: 'E_MODEL_FILE', source: 'a.safetensors' })
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

const decodeFailure = (bytes: Uint8Array): string => failure(() => decodeSafetensors('a.safetensors', bytes))

const encode = (tensors: Record<string, Tensor>, metadata = NO_TEXTS): Uint8Array =>
  encodeSafetensors('a.safetensors', { tensors: new Map(Object.entries(tensors)), metadata })

describe('a file made by hand', () => {
  // The header is 56 bytes, so that it needs no padding.
  const HEADER = '{"m":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}'
  const LENGTH = [56, 0, 0, 0, 0, 0, 0, 0]
  const ONE = [0x00, 0x00, 0x80, 0x3f]
  const MINUS_TWO_AND_A_HALF = [0x00, 0x00, 0x20, 0xc0]
  const BYTES = [...LENGTH, ...[...HEADER].map((letter) => letter.charCodeAt(0)), ...ONE, ...MINUS_TWO_AND_A_HALF]

  it('is read', () => {
    const { tensors, metadata } = decodeSafetensors('a.safetensors', Uint8Array.from(BYTES))
    expect([...tensors]).toEqual([['m', { shape: [1, 2], values: Float32Array.of(1, -2.5) }]])
    expect(metadata.size).toBe(0)
  })

  it('is written', () => {
    expect([...encode({ m: { shape: [1, 2], values: Float32Array.of(1, -2.5) } })]).toEqual(BYTES)
  })

  it('is refused at every shorter length', () => {
    for (let length = 0; length < BYTES.length; length++) {
      expect(decodeFailure(Uint8Array.from(BYTES.slice(0, length)))).toMatch(/^a\.safetensors: .*(ends|cut short)/)
    }
  })
})

it('pads the header with spaces, sorts tensors by width and name, and keeps the metadata', () => {
  const bytes = encode(
    {
      byte: { shape: [], values: Uint8Array.of(7) },
      b: { shape: [2], values: Float32Array.of(1, 2) },
      a: { shape: [1, 1], values: Float32Array.of(3) },
      wide: { shape: [1], values: Float64Array.of(4) },
    },
    new Map([
      ['z', '1'],
      ['format', 'gradrec'],
    ]),
  )
  const length = new DataView(bytes.buffer).getUint32(0, true)
  expect(length % 8).toBe(0)
  expect(new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd()).toBe(
    '{"__metadata__":{"format":"gradrec","z":"1"},' +
      '"wide":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},' +
      '"a":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]},' +
      '"b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]},' +
      '"byte":{"dtype":"U8","shape":[],"data_offsets":[20,21]}}',
  )
})

const tensor: fc.Arbitrary<Tensor> = fc
  .tuple(fc.array(fc.nat(3), { maxLength: 3 }), fc.nat(4))
  .chain(([shape, kind]) => {
    const length = shape.reduce((product, each) => product * each, 1)
    const size = { minLength: length, maxLength: length }
    const kinds = [
      fc.float32Array(size),
      fc.float64Array(size),
      fc.uint32Array(size),
      fc.int32Array(size),
      fc.uint8Array(size),
    ]
    return (kinds[kind] ?? fc.float32Array(size)).map((values) => ({ shape, values }) as Tensor)
  })

const text = fc.string({ unit: 'grapheme', maxLength: 6 })

const content: fc.Arbitrary<Safetensors> = fc.record({
  tensors: fc
    .array(fc.tuple(fc.oneof(text, fc.constantFrom('__proto__', 'constructor')), tensor))
    .map((all) => new Map(all)),
  metadata: fc.array(fc.tuple(text, text)).map((all) => new Map(all)),
})

const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1))

it('gives back what was written, at any place in memory', () => {
  fc.assert(
    fc.property(content, fc.nat(9), (written, offset) => {
      const bytes = encodeSafetensors('a.safetensors', written)
      const moved = new Uint8Array(offset + bytes.length)
      moved.set(bytes, offset)
      for (const source of [moved.subarray(offset), Buffer.from(moved.buffer, offset)]) {
        const read = decodeSafetensors('a.safetensors', source)
        expect(sorted(read.tensors)).toEqual(sorted(written.tensors))
        expect(sorted(read.metadata)).toEqual(sorted(written.metadata))
      }
    }),
  )
})

it('makes the same bytes whatever the order', () => {
  fc.assert(
    fc.property(content, ({ tensors, metadata }) => {
      const reversed = { tensors: new Map([...tensors].toReversed()), metadata: new Map([...metadata].toReversed()) }
      expect(encodeSafetensors('a', reversed)).toEqual(encodeSafetensors('a', { tensors, metadata }))
    }),
  )
})

it('reads every tensor of its own files without a copy', () => {
  fc.assert(
    fc.property(content, (written) => {
      const bytes = encodeSafetensors('a', written)
      for (const { values } of decodeSafetensors('a', bytes).tensors.values()) {
        if (values.length > 0) expect(values.buffer).toBe(bytes.buffer)
      }
    }),
  )
})

it('meets damage with one kind of error or none, never another', () => {
  fc.assert(
    fc.property(
      content,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1 }),
      fc.nat(),
      (written, damage, cut) => {
        const bytes = encodeSafetensors('a', written)
        for (const [at, value] of damage) bytes[at % Math.min(bytes.length, 120)] = value
        try {
          decodeSafetensors('a', bytes.subarray(0, bytes.length - (cut % 3)))
        } catch (error) {
          expect(error).toBeInstanceOf(ModelFileError)
        }
      },
    ),
    { numRuns: 1000 },
  )
})

it('says what is wrong with a file', () => {
  const one = (entry: string): Uint8Array => file(`{"m":${entry}}`, [0, 0, 0, 0, 0, 0, 0, 0])
  expect(decodeFailure(file('{}', [], 100_000_001))).toMatch(
    /would be 100000001 bytes long; expected at most 100000000/,
  )
  expect(decodeFailure(file('{}', [], 2 ** 60))).toMatch(/no safetensors file/)
  expect(decodeFailure(file('{}', [], 3))).toMatch(/ends inside its header, after 10 bytes; expected 11/)
  expect(decodeFailure(file(Uint8Array.of(0x7b, 0xff, 0x7d)))).toMatch(/not UTF-8/)
  expect(decodeFailure(file('{"a":'))).toMatch(/not JSON/)
  expect(decodeFailure(file('[]'))).toMatch(/does not begin with "{"/)
  expect(decodeFailure(file(' {}'))).toMatch(/does not begin with "{"/)
  expect(decodeFailure(file('\uFEFF{}'))).toMatch(/not JSON/)
  expect(decodeFailure(file('{"m":1,"m":2}'))).toMatch(/tensor "m" is described|"m" twice/)
  expect(decodeFailure(file('{"__metadata__":{"a":1}}'))).toMatch(/metadata's "a" is 1; expected a text/)
  expect(decodeFailure(file('{"__metadata__":[]}'))).toMatch(/metadata are no object/)
  expect(decodeFailure(one('{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}'))).toMatch(
    /"m" has the type BF16; expected one of F64, F32/,
  )
  expect(decodeFailure(one('{"dtype":"I64","shape":[1],"data_offsets":[0,8]}'))).toMatch(
    /type I64; .* convert it first/,
  )
  expect(decodeFailure(one('{"dtype":"constructor","shape":[1],"data_offsets":[0,8]}'))).toMatch(/type constructor/)
  expect(decodeFailure(one('{"dtype":"F32","shape":[3],"data_offsets":[0,8]}'))).toMatch(
    /has 8 bytes .* expected 12 for F32 of the shape \[3\]/,
  )
  expect(decodeFailure(one('{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}'))).toMatch(/whole numbers from 0/)
  expect(decodeFailure(one('{"dtype":"F32","shape":[2],"data_offsets":[8,0]}'))).toMatch(/has -8 bytes/)
  expect(decodeFailure(one('{"dtype":"F32","shape":[2]}'))).toMatch(/expected dtype, shape and data_offsets/)
  expect(decodeFailure(one('null'))).toMatch(/described as null/)
  expect(decodeFailure(one('{"dtype":"F32","shape":[4],"data_offsets":[0,16]}'))).toMatch(/end at byte 16 of 8/)
  expect(decodeFailure(one('{"dtype":"F32","shape":[1],"data_offsets":[4,8]}'))).toMatch(
    /bytes 0 to 4, before tensor "m"/,
  )
  expect(decodeFailure(one('{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'))).toMatch(/bytes 4 to 8, at the end/)
  const two = file(
    '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
    [0, 0, 0, 0, 0, 0, 0, 0],
  )
  expect(decodeFailure(two)).toMatch(/"b" begins at byte 4, inside the one before it, which ends at 8/)
  const shape = '[9007199254740991,9007199254740991]'
  expect(decodeFailure(one(`{"dtype":"F32","shape":${shape},"data_offsets":[0,8]}`))).toMatch(/has 8 bytes/)
})

it('refuses the same name twice even where both are sound', () => {
  const entry = '{"dtype":"F32","shape":[0],"data_offsets":[0,0]}'
  expect(decodeFailure(file(`{"m":${entry},"\\u006d":${entry}}`))).toMatch(/the name "m" twice/)
})

it('says what cannot be written', () => {
  const refused = (tensors: Record<string, Tensor>, metadata = NO_TEXTS): string =>
    failure(() => encode(tensors, metadata))
  expect(refused({ m: { shape: [3], values: Float32Array.of(1, 2) } })).toMatch(
    /"m" has 2 values; expected 3 for the shape \[3\]/,
  )
  expect(refused({ m: { shape: [0.5, 4], values: Float32Array.of(1, 2) } })).toMatch(/"m" has 2 values/)
  expect(refused({ __metadata__: { shape: [0], values: new Float32Array() } })).toMatch(/cannot be called/)
  const integers = { shape: [1], values: BigInt64Array.of(1n) } as unknown as Tensor
  expect(refused({ m: integers })).toMatch(/"m" is a BigInt64Array; expected float32/)
  expect(refused({ '\uD800': { shape: [0], values: new Float32Array() } })).toMatch(/lone surrogates/)
  expect(refused({}, new Map([['a', '\uDC00']]))).toMatch(/lone surrogates/)
})
