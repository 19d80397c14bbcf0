import {
  checkCorrections,
  checkMemory,
  checkRankInput,
  type Corrections,
  type Matrix,
  type Ranking,
  type RankOptions,
} from '@gradrec/engine'
import { InFlight } from './inFlight.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { rankMemoryPlan } from './rankMemoryPlan.ts'
import { emptyRanking } from './ranker.ts'
import { createScoreTiles, paddedRows, rowsOf, type ScoreTiles } from './scoreTiles.ts'
import { TopKStage } from './topKStage.ts'
import { addCorrections } from './wgsl.generated.ts'

/**
 * Exact top-k of every variant: a block of users is scored once, then each variant adds its terms into a second tile, which
 * selection overwrites.
 */
export async function rankVariantsOnDevice(
  device: KernelDevice,
  users: Matrix,
  items: Matrix,
  corrections: Corrections,
  options: RankOptions,
): Promise<readonly Ranking[]> {
  checkRankInput(users, items, options)
  checkCorrections(users, items, corrections)
  checkMemory(rankMemoryPlan(device, users, items, options, corrections))
  const { k, exclude } = options
  const variants = corrections.users.map(paddedRows)
  const tiles = await createScoreTiles(device, users, items, 2)
  const { blockRows } = tiles
  let adder: Adder | undefined
  let stage: TopKStage | undefined
  try {
    adder = await createAdder(device, tiles, paddedRows(corrections.items))
    stage = await TopKStage.create(device, adder.corrected, blockRows, items.rows, k, exclude)
    const rankings = variants.map(() => emptyRanking(users.rows, k))
    const [topK, { encode }] = [stage, adder]
    const inFlight = new InFlight(device.tuning.rankBlocksInFlight)
    for (let first = 0; first < users.rows; first += blockRows) {
      const rows = Math.min(blockRows, users.rows - first)
      for (const [variant, weights] of variants.entries()) {
        await inFlight.add(1, async () => {
          const block = await topK.run(first, rows, (encoder) => {
            const pass = encoder.beginComputePass()
            if (variant === 0) tiles.encode(pass, first, rows)
            encode(pass, rowsOf(weights, first, rows), rows)
            pass.end()
          })
          rankings[variant]?.items.set(block.items, first * k)
          rankings[variant]?.scores.set(block.scores, first * k)
        })
      }
    }
    await inFlight.all()
    return rankings
  } finally {
    stage?.destroy()
    adder?.destroy()
    tiles.destroy()
  }
}

/** Adds a variant's terms to the scores of a block: see kernels/addCorrections.wgsl. */
interface Adder {
  /** blockRows × items. */
  readonly corrected: GPUBuffer
  /** To be called before what it encodes into `pass` is submitted. */
  readonly encode: (pass: GPUComputePassEncoder, weights: Float32Array, rows: number) => void
  readonly destroy: () => void
}

async function createAdder(
  device: KernelDevice,
  { scores, blockRows }: ScoreTiles,
  itemFactors: Matrix,
): Promise<Adder> {
  const items = itemFactors.rows
  const kernel = await device.kernel(addCorrections, {})
  const own = await device.allocate('the scores of a variant', () => ({
    userWeights: device.storage('weights of a block of users', blockRows * 16),
    itemFactors: device.upload('factors of items', itemFactors.values),
    corrected: device.storage('corrected scores of a block of users', blockRows * items * 4),
    block: device.uniform('block', addCorrections.uniforms.block, { users: 0, items }),
  }))
  const dispatch: Dispatch = kernel.bind({ scores, ...own }, 0)
  return {
    corrected: own.corrected,
    encode: (pass, weights, rows) => {
      device.write(own.userWeights, weights)
      device.writeUniform(own.block, addCorrections.uniforms.block, { users: rows, items })
      device.encode(pass, dispatch, Math.ceil((rows * items) / 256))
    },
    destroy: () => {
      for (const buffer of Object.values(own)) buffer.destroy()
    },
  }
}
