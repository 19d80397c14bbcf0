import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Csr } from '@gradrec/engine'
import { decodeNpy } from '@gradrec/model-files'
import type { HandedSettings } from './handOver.ts'

export interface HandedData {
  readonly settings: HandedSettings
  readonly interactions: Csr
  readonly initialTable: Float32Array
}

/** What `writeHandOver` wrote, without the triples: gradrec's engines draw them themselves. */
export async function readHandOver(folder: string): Promise<HandedData> {
  const settings = JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8')) as HandedSettings
  const array = async (name: string): Promise<Float32Array | Uint32Array> =>
    decodeNpy(`${name}.npy`, await readFile(join(folder, `${name}.npy`))).values
  const [rowPointer, columns, table] = await Promise.all(['rowPointer', 'columns', 'initialTable'].map(array))
  return {
    settings,
    interactions: {
      rows: settings.users,
      columnCount: settings.items,
      rowPointer: Uint32Array.from(rowPointer ?? []),
      columns: Uint32Array.from(columns ?? []),
    },
    initialTable: Float32Array.from(table ?? []),
  }
}
