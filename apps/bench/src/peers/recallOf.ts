import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { evaluateRanker, vectorRanker } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine, Matrix } from '@gradrec/engine'
import { decodeNpy } from '@gradrec/model-files'
import { PeerError } from './messages.ts'

/** Recall@20 on the validation part, over the users who have validation items, of the vectors that a peer left in a folder. */
export async function recallOf(folder: string, dataset: Dataset, engine: Engine): Promise<number> {
  const [users, items] = await Promise.all([vectorsIn(folder, 'users.npy'), vectorsIn(folder, 'items.npy')])
  if (users.rows !== dataset.users.size || items.rows !== dataset.items.size || users.dimension !== items.dimension) {
    throw new PeerError(
      `the vectors are ${users.rows} × ${users.dimension} and ${items.rows} × ${items.dimension}; ` +
        `expected ${dataset.users.size} users and ${dataset.items.size} items of one width`,
    )
  }
  const ranker = vectorRanker({ users, items }, engine)
  const { metrics } = await evaluateRanker(ranker, dataset, 'validation', {
    metrics: ['recall@20'],
    averageOver: 'usersWithTest',
    maskValidation: true,
  })
  return metrics['recall@20'] ?? Number.NaN
}

async function vectorsIn(folder: string, name: string): Promise<Matrix> {
  const { rows, dimension, values } = decodeNpy(name, await readFile(join(folder, name)))
  if (!(values instanceof Float32Array)) throw new PeerError(`${name} holds whole numbers; expected float32`)
  return widened({ rows, dimension, values })
}

/** Engines take widths that are multiples of 4; implicit's vectors are one wider for the bias. Zeros change no product. */
export function widened({ rows, dimension, values }: Matrix): Matrix {
  const width = Math.ceil(dimension / 4) * 4
  if (width === dimension) return { rows, dimension, values }
  const wide = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) wide.set(values.subarray(row * dimension, (row + 1) * dimension), row * width)
  return { rows, dimension: width, values: wide }
}
