import { IdTable, type IdMap } from '@gradrec/data'
import { ModelFileError } from './errors.ts'
import type { Tensor } from './tensor.ts'

const encoder = new TextEncoder()

/** Outside ids as two tensors: `<name>.ids`, their UTF-8 bytes one after another, and `<name>.idOffsets`, where each begins. */
export function idTensors(name: string, ids: IdMap): [string, Tensor][] {
  const offsets = new Uint32Array(ids.size + 1)
  const texts: Uint8Array[] = []
  for (let row = 0; row < ids.size; row++) {
    const text = encoder.encode(ids.idOf(row))
    texts.push(text)
    offsets[row + 1] = offsets[row]! + text.length
  }
  const bytes = new Uint8Array(offsets[ids.size]!)
  for (const [row, text] of texts.entries()) bytes.set(text, offsets[row])
  return [
    [`${name}.ids`, { shape: [bytes.length], values: bytes }],
    [`${name}.idOffsets`, { shape: [offsets.length], values: offsets }],
  ]
}

/**
 * The inverse.
 *
 * @throws ModelFileError where a tensor is missing or of another kind, offsets do not fit the bytes, or an id repeats
 */
export function idsOfTensors(source: string, tensors: ReadonlyMap<string, Tensor>, name: string): IdMap {
  const bytes = tensors.get(`${name}.ids`)?.values
  const offsets = tensors.get(`${name}.idOffsets`)?.values
  if (!(bytes instanceof Uint8Array) || !(offsets instanceof Uint32Array)) {
    throw new ModelFileError(
      source,
      `there are no ids of ${name}; expected "${name}.ids" (uint8) and "${name}.idOffsets" (uint32)`,
    )
  }
  const table = new IdTable()
  for (let row = 0; row + 1 < offsets.length; row++) {
    const [begin, end] = [offsets[row]!, offsets[row + 1]!]
    if (begin > end || end > bytes.length) {
      throw new ModelFileError(
        source,
        `"${name}.idOffsets" gives id ${row} bytes ${begin} to ${end} of ${bytes.length}`,
      )
    }
    if (table.add(bytes, begin, end) !== row) {
      throw new ModelFileError(
        source,
        `the ids of ${name} repeat "${table.idOf(table.add(bytes, begin, end))}" in row ${row}`,
      )
    }
  }
  return table
}
