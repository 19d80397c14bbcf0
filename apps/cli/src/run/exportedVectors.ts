import type { Model } from '@gradrec/core'
import type { IdMap } from '@gradrec/data'
import { encodeNpy, idTensors, safetensorsChunks, tensorOfMatrix, vectorsToParquet } from '@gradrec/model-files'
import type { ExportFormat } from '../settings/exportSettings.ts'

/** A file to write; its content is made when it is asked for. */
export interface ExportedFile {
  readonly name: string
  content(): Uint8Array | readonly Uint8Array[]
}

/**
 * A model's final vectors, at its dials, as files. A score is the inner product of a user's and an item's vector; nothing in the
 * files depends on how it was trained or debiased.
 */
export function exportedFiles({ vectors, users, items }: Model, format: ExportFormat): ExportedFile[] {
  switch (format) {
    case 'parquet':
      return [
        { name: 'users.parquet', content: () => vectorsToParquet('users.parquet', users, vectors.users) },
        { name: 'items.parquet', content: () => vectorsToParquet('items.parquet', items, vectors.items) },
      ]
    case 'npy':
      return [
        { name: 'users.npy', content: () => encodeNpy(vectors.users) },
        { name: 'items.npy', content: () => encodeNpy(vectors.items) },
        { name: 'users.txt', content: () => idLines(users) },
        { name: 'items.txt', content: () => idLines(items) },
      ]
    case 'safetensors': {
      const name = 'vectors.safetensors'
      const tensors = new Map([
        ['users', tensorOfMatrix(vectors.users)],
        ['items', tensorOfMatrix(vectors.items)],
        ...idTensors('users', users),
        ...idTensors('items', items),
      ])
      const metadata = new Map([
        ['format', 'vectors'],
        ['score', 'inner product of a row of users and a row of items'],
        ['ids', 'id r of users: bytes users.idOffsets[r] to users.idOffsets[r + 1] of users.ids, UTF-8; items alike'],
      ])
      return [{ name, content: () => safetensorsChunks(name, { tensors, metadata }) }]
    }
  }
}

/** One id a line, in the order of the rows. A line break inside an id would shift all after it: it is written as \n or \r. */
function idLines(ids: IdMap): Uint8Array {
  const lines = Array.from({ length: ids.size }, (_, row) =>
    ids.idOf(row).replaceAll('\n', '\\n').replaceAll('\r', '\\r'),
  )
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
}
