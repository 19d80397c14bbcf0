import { memoryPlan, type Corrections, type Matrix, type MemoryPlan, type RankOptions } from '@gradrec/engine'
import { bufferLimit, storageBytes } from './bufferLimit.ts'
import type { KernelDevice } from './kernelDevice.ts'
import { rowsOfBlock } from './scoreTiles.ts'

/** Every storage buffer that a ranking creates; with corrections, that of variants. */
export function rankMemoryPlan(
  device: KernelDevice,
  users: Matrix,
  items: Matrix,
  { k, exclude }: RankOptions,
  corrections?: Corrections,
): MemoryPlan {
  const tiles = corrections === undefined ? 1 : 2
  const rows = rowsOfBlock(device, users.rows, items.rows, tiles)
  const scores = { name: 'the scores of a block of users', bytes: 4 * rows * items.rows }
  const parts = [
    { name: 'the item vectors', bytes: items.rows * paddedRowBytes(items), remedy: 'a smaller dimension' },
    { name: 'a block of users', bytes: rows * paddedRowBytes(users) },
    scores,
    { name: 'the top items of a block of users', bytes: 4 * rows * k },
    { name: 'the top scores of a block of users', bytes: 4 * rows * k },
    { name: 'the users of excluded items', bytes: 4 * (exclude?.rowPointer.length ?? 1) },
    { name: 'the excluded items', bytes: 4 * (exclude?.columns.length ?? 1), remedy: 'fewer users at once' },
    ...(corrections === undefined
      ? []
      : [
          scores,
          { name: 'the corrections of items', bytes: items.rows * paddedRowBytes(corrections.items) },
          { name: 'the weights of a block of users', bytes: 16 * rows },
        ]),
  ]
  return memoryPlan({
    engine: 'webgpu',
    work: 'this ranking',
    parts: parts.map(({ bytes, ...part }) => ({ ...part, bytes: storageBytes(bytes) })),
    host: [],
    limits: [bufferLimit(device.gpu)],
  })
}

/** Of a row filled up to whole vec4s: `paddedRows`. */
function paddedRowBytes({ dimension }: Matrix): number {
  return 16 * Math.ceil(dimension / 4)
}
