import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder that `gradrec-bench peers` writes for every peer: settings, and arrays in NumPy's format. */
export function readHandOver(folder) {
  const settings = JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))
  return { ...settings, array: (name) => readArray(join(folder, `${name}.npy`)) }
}

/** The numbers of a `.npy` file, version 1, of float32 or uint32. */
function readArray(path) {
  const file = readFileSync(path)
  const begin = 10 + file.readUInt16LE(8)
  const Numbers = file.toString('latin1', 10, begin).includes("'<f4'") ? Float32Array : Uint32Array
  // Copied: a view would have to be aligned.
  return new Numbers(file.buffer.slice(file.byteOffset + begin, file.byteOffset + file.length))
}

/** A `.npy` file of a rows × dimension matrix of float32. */
export function npyOf(values, rows, dimension) {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dimension}), }`
  const header = Buffer.alloc(128, ' ')
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0])
  header.write(dictionary, 10)
  header.write('\n', 127)
  return Buffer.concat([header, Buffer.from(values.buffer, values.byteOffset, values.byteLength)])
}
