import { SpecError, type Csr, type Matrix, type Ranking, type RankOptions } from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'
import { TopKStage } from './topKStage.ts'
import { scoreTile } from './wgsl.generated.ts'

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
  checkRankInput(users, items, exclude)
  const blockRows = Math.max(1, Math.min(users.rows, Math.floor(device.tuning.rankScores / items.rows)))
  const kernel = await device.kernel(scoreTile, {})
  const buffers = await device.allocate('the scores of a block of users', () => ({
    userVectors: device.storage('user vectors', blockRows * users.dimension * 4),
    itemVectors: device.upload('item vectors', items.values),
    scores: device.storage('scores of a block of users', blockRows * items.rows * 4),
    shape: device.uniform('shape', scoreTile.uniforms.shape, { users: 0, items: 0, vectors: 0, tilesAcross: 0 }),
  }))
  let stage: TopKStage | undefined
  try {
    stage = await TopKStage.create(device, buffers.scores, blockRows, items.rows, k, exclude)
    const topItems = new Uint32Array(users.rows * k)
    const topScores = new Float32Array(users.rows * k)
    const dispatch = kernel.bind(buffers, 0)
    const vectors = users.dimension / 4
    const tilesAcross = Math.ceil(items.rows / TILE_SIDE)
    for (let first = 0; first < users.rows; first += blockRows) {
      const rows = Math.min(blockRows, users.rows - first)
      const block = users.values.subarray(first * users.dimension, (first + rows) * users.dimension)
      device.write(buffers.userVectors, block)
      device.writeUniform(buffers.shape, scoreTile.uniforms.shape, {
        users: rows,
        items: items.rows,
        vectors,
        tilesAcross,
      })
      const ranking = await stage.run(first, rows, (encoder) => {
        const pass = encoder.beginComputePass()
        device.encode(pass, dispatch, tilesAcross * Math.ceil(rows / TILE_SIDE))
        pass.end()
      })
      topItems.set(ranking.items, first * k)
      topScores.set(ranking.scores, first * k)
    }
    return { k, items: topItems, scores: topScores }
  } finally {
    stage?.destroy()
    for (const buffer of Object.values(buffers)) buffer.destroy()
  }
}

function checkRankInput(users: Matrix, items: Matrix, exclude: Csr | undefined): void {
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
