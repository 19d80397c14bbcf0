import { checkRankInput, type Matrix, type Ranking, type RankOptions } from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'
import { TopKStage } from './topKStage.ts'
import { scoreTile } from './wgsl.generated.ts'

/** Rows and columns of scores that one workgroup computes. */
const TILE_SIDE = 64

/** Exact top-k by inner product, a block of users at a time, so that the scores of a block stay on the device. */
export async function rankOnDevice(
  device: KernelDevice,
  givenUsers: Matrix,
  givenItems: Matrix,
  options: RankOptions,
): Promise<Ranking> {
  checkRankInput(givenUsers, givenItems, options)
  const { k, exclude } = options
  const [users, items] = [padded(givenUsers), padded(givenItems)]
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

/** The matrix with zeros behind every row, up to a multiple of four numbers: what the kernels read. Scores do not change. */
function padded(matrix: Matrix): Matrix {
  const { rows, dimension, values } = matrix
  if (dimension % 4 === 0) return matrix
  const wide = Math.ceil(dimension / 4) * 4
  const wideValues = new Float32Array(rows * wide)
  for (let row = 0; row < rows; row++) {
    wideValues.set(values.subarray(row * dimension, (row + 1) * dimension), row * wide)
  }
  return { rows, dimension: wide, values: wideValues }
}
