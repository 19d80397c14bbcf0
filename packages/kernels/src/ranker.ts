import { NO_ITEM, SpecError, type Csr, type Matrix, type Ranking, type RankOptions } from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'
import { scoreTile, topk } from './wgsl.generated.ts'

/** Longest list that one workgroup sorts in its own memory. */
export const MAX_K = 1024

/** Rows and columns of scores that one workgroup computes. */
const TILE_SIDE = 64

/** Exact top-k by inner product, a block of users at a time, so that the scores of a block stay on the device. */
export async function rankOnDevice(
  device: KernelDevice,
  users: Matrix,
  items: Matrix,
  options: RankOptions,
): Promise<Ranking> {
  const { k, exclude } = options
  checkRankInput(users, items, options)
  const topItems = new Uint32Array(users.rows * k)
  const topScores = new Float32Array(users.rows * k)
  const blockRows = Math.max(1, Math.min(users.rows, Math.floor(device.tuning.rankScores / items.rows)))
  const vectors = users.dimension / 4
  const scoreKernel = await device.kernel(scoreTile, {})
  const topkKernel = await device.kernel(topk, { sortSize: powerOfTwoFrom(k) })

  const buffers = await device.allocate('the scores of a block of users', () => ({
    userVectors: device.storage('user vectors', blockRows * users.dimension * 4),
    itemVectors: device.upload('item vectors', items.values),
    scores: device.storage('scores of a block of users', blockRows * items.rows * 4),
    topItems: device.storage('top items', blockRows * k * 4),
    topScores: device.storage('top scores', blockRows * k * 4),
    excludePointer: device.upload(
      'row pointers of excluded items',
      exclude?.rowPointer ?? new Uint32Array(users.rows + 1),
    ),
    excludeColumns: device.upload('excluded items', exclude?.columns ?? new Uint32Array(0)),
  }))
  const shape = device.uniform('shape', scoreTile.uniforms.shape, { users: 0, items: 0, vectors: 0, tilesAcross: 0 })
  const topkUniform = device.uniform('top-k', topk.uniforms.topk, { rows: 0, items: 0, k: 0, firstRow: 0 })
  try {
    const { userVectors, itemVectors, scores, excludePointer, excludeColumns } = buffers
    const score = scoreKernel.bind({ userVectors, itemVectors, scores, shape }, 0)
    const select = topkKernel.bind(
      {
        scores,
        excludePointer,
        excludeColumns,
        topItems: buffers.topItems,
        topScores: buffers.topScores,
        topk: topkUniform,
      },
      0,
    )
    const tilesAcross = Math.ceil(items.rows / TILE_SIDE)
    for (let first = 0; first < users.rows; first += blockRows) {
      const rows = Math.min(blockRows, users.rows - first)
      device.write(userVectors, users.values.subarray(first * users.dimension, (first + rows) * users.dimension))
      device.writeUniform(shape, scoreTile.uniforms.shape, { users: rows, items: items.rows, vectors, tilesAcross })
      device.writeUniform(topkUniform, topk.uniforms.topk, { rows, items: items.rows, k, firstRow: first })
      device.submit((pass) => {
        device.encode(pass, score, tilesAcross * Math.ceil(rows / TILE_SIDE))
        device.encode(pass, select, rows)
      })
      topItems.set(await device.readWords(buffers.topItems, rows * k), first * k)
      topScores.set(await device.readFloats(buffers.topScores, rows * k), first * k)
    }
  } finally {
    for (const buffer of [...Object.values(buffers), shape, topkUniform]) buffer.destroy()
  }
  for (const [place, item] of topItems.entries()) if (item === NO_ITEM) topScores[place] = -Infinity
  return { k, items: topItems, scores: topScores }
}

function checkRankInput(users: Matrix, items: Matrix, { k, exclude }: RankOptions): void {
  if (!Number.isInteger(k) || k < 1 || k > MAX_K)
    throw new SpecError(`k is ${k}; expected a whole number from 1 to ${MAX_K}`)
  if (users.dimension !== items.dimension) {
    throw new SpecError(
      `user vectors have ${users.dimension} numbers and item vectors ${items.dimension}; expected the same`,
    )
  }
  if (users.dimension % 4 !== 0)
    throw new SpecError(`vectors have ${users.dimension} numbers; expected a multiple of 4`)
  for (const [name, matrix] of [['user', users] as const, ['item', items] as const]) {
    const bad = matrix.values.findIndex((value) => !Number.isFinite(value))
    if (bad < 0) continue
    throw new SpecError(
      `the vector of ${name} number ${Math.floor(bad / matrix.dimension)} holds ${matrix.values[bad]}; expected finite numbers`,
    )
  }
  if (exclude !== undefined) checkExclude(exclude, users.rows, items.rows)
}

function checkExclude(exclude: Csr, users: number, items: number): void {
  if (exclude.rows === users && exclude.columnCount === items) return
  throw new SpecError(
    `exclude is ${exclude.rows} users × ${exclude.columnCount} items; expected ${users} × ${items}, like the vectors`,
  )
}

function powerOfTwoFrom(k: number): number {
  let size = 1
  while (size < k) size *= 2
  return size
}
