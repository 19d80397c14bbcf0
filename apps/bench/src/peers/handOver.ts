import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { initialTable } from '@gradrec/core'
import type { Csr } from '@gradrec/engine'
import { encodeNpy } from '@gradrec/model-files'
import { trainingTriples } from './trainingTriples.ts'
import { PEER_MODELS, type PeerModel, type TrainingSettings } from './trainingSettings.ts'

/** The content of `settings.json`. */
export interface HandedSettings extends TrainingSettings {
  readonly users: number
  readonly items: number
}

/**
 * Writes what all peers train on into a folder: `settings.json`, the interactions as `rowPointer.npy` and `columns.npy`, the table to start
 * from as `initialTable.npy`, users first, and for each model the triples of its epochs, one at least, `triples-mf.npy`
 * and `triples-lgn.npy`.
 */
export async function writeHandOver(
  folder: string,
  interactions: Csr,
  settings: TrainingSettings,
  epochs: Readonly<Record<PeerModel, number>>,
): Promise<void> {
  const { rows: users, columnCount: items, rowPointer, columns } = interactions
  const { dimension, batches, initialScale, seed } = settings
  const table = initialTable({ users, items, dimension }, { kind: 'normal', sd: initialScale }, seed)
  const write = (name: string, values: Float32Array | Uint32Array, width: number): Promise<void> =>
    writeFile(join(folder, `${name}.npy`), encodeNpy({ rows: values.length / width, dimension: width, values }))
  const handed: HandedSettings = { ...settings, users, items }
  await writeFile(join(folder, 'settings.json'), JSON.stringify(handed, undefined, 2))
  await write('rowPointer', rowPointer, 1)
  await write('columns', columns, 1)
  await write('initialTable', table, dimension)
  for (const model of PEER_MODELS) {
    const request = { interactions, batch: batches[model], epochs: Math.max(1, epochs[model]), seed }
    await write(`triples-${model}`, trainingTriples(request), 3)
  }
}
