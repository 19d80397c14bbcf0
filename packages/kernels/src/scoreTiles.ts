import type { Matrix } from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'
import { scoreTile } from './wgsl.generated.ts'

/** Rows and columns of scores that one workgroup computes. */
const TILE_SIDE = 64

/** The scores of a block of users for every item, kept on the device: see kernels/scoreTile.wgsl. */
export interface ScoreTiles {
  /** Users in a block, at most. */
  readonly blockRows: number
  /** blockRows × items. */
  readonly scores: GPUBuffer
  /** Scores users `first` … `first + rows − 1`; to be called before what it encodes into `pass` is submitted. */
  readonly encode: (pass: GPUComputePassEncoder, first: number, rows: number) => void
  readonly destroy: () => void
}

/** Users in a block: `tiles` buffers of their scores share the memory that ranking may use. */
export function rowsOfBlock({ tuning }: KernelDevice, users: number, items: number, tiles: number): number {
  return Math.max(1, Math.min(users, Math.floor(tuning.rankScores / (tiles * items))))
}

/**
 * @param tiles how many buffers as large as the scores share the memory that ranking may use
 */
export async function createScoreTiles(
  device: KernelDevice,
  givenUsers: Matrix,
  givenItems: Matrix,
  tiles: number,
): Promise<ScoreTiles> {
  const [users, items] = [paddedRows(givenUsers), paddedRows(givenItems)]
  const blockRows = rowsOfBlock(device, users.rows, items.rows, tiles)
  const kernel = await device.kernel(scoreTile, {})
  const buffers = await device.allocate('the scores of a block of users', () => ({
    userVectors: device.storage('user vectors', blockRows * users.dimension * 4),
    itemVectors: device.upload('item vectors', items.values),
    scores: device.storage('scores of a block of users', blockRows * items.rows * 4),
    shape: device.uniform('shape', scoreTile.uniforms.shape, { users: 0, items: 0, vectors: 0, tilesAcross: 0 }),
  }))
  const dispatch = kernel.bind(buffers, 0)
  const tilesAcross = Math.ceil(items.rows / TILE_SIDE)
  return {
    blockRows,
    scores: buffers.scores,
    encode: (pass, first, rows) => {
      device.write(buffers.userVectors, rowsOf(users, first, rows))
      device.writeUniform(buffers.shape, scoreTile.uniforms.shape, {
        users: rows,
        items: items.rows,
        vectors: users.dimension / 4,
        tilesAcross,
      })
      device.encode(pass, dispatch, tilesAcross * Math.ceil(rows / TILE_SIDE))
    },
    destroy: () => {
      for (const buffer of Object.values(buffers)) buffer.destroy()
    },
  }
}

/** The numbers of `count` rows. */
export function rowsOf({ dimension, values }: Matrix, first: number, count: number): Float32Array {
  return values.subarray(first * dimension, (first + count) * dimension)
}

/** The matrix with zeros behind every row, up to a multiple of four numbers: what the kernels read. Scores do not change. */
export function paddedRows(matrix: Matrix): Matrix {
  const { rows, dimension } = matrix
  if (dimension % 4 === 0) return matrix
  const wide = Math.ceil(dimension / 4) * 4
  const wideValues = new Float32Array(rows * wide)
  for (let row = 0; row < rows; row++) wideValues.set(rowsOf(matrix, row, 1), row * wide)
  return { rows, dimension: wide, values: wideValues }
}
