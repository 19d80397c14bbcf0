import type { Matrix } from '@gradrec/engine'
import { endianness } from 'node:os'

/** The 10 bytes before a version 1.0 header: magic, version, header length. */
const PREFIX = 10

/** A float32 matrix in NumPy's format, version 1.0, little endian, row-major: `numpy.load` reads it. */
export function npyOf({ rows, dimension, values }: Matrix): Buffer {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dimension}), }`
  // Header and prefix together fill 64-byte blocks; the header ends with a line feed.
  const headerLength = Math.ceil((PREFIX + dictionary.length + 1) / 64) * 64 - PREFIX
  const head = Buffer.alloc(PREFIX + headerLength, ' ')
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
  head.writeUInt16LE(headerLength, 8)
  head.write(dictionary, PREFIX, 'latin1')
  head[head.length - 1] = 0x0a
  const body = Buffer.from(values.slice().buffer)
  return Buffer.concat([head, endianness() === 'BE' ? body.swap32() : body])
}
