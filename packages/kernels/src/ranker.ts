import { checkMemory, checkRankInput, type Matrix, type Ranking, type RankOptions } from '@gradrec/engine'
import { InFlight } from './inFlight.ts'
import type { KernelDevice } from './kernelDevice.ts'
import { rankMemoryPlan } from './rankMemoryPlan.ts'
import { createScoreTiles } from './scoreTiles.ts'
import { TopKStage } from './topKStage.ts'

/** Exact top-k by inner product, a block of users at a time, so that the scores of a block stay on the device. */
export async function rankOnDevice(
  device: KernelDevice,
  users: Matrix,
  items: Matrix,
  options: RankOptions,
): Promise<Ranking> {
  checkRankInput(users, items, options)
  checkMemory(rankMemoryPlan(device, users, items, options))
  const { k, exclude } = options
  const tiles = await createScoreTiles(device, users, items, 1)
  let stage: TopKStage | undefined
  try {
    stage = await TopKStage.create(device, tiles.scores, tiles.blockRows, items.rows, k, exclude)
    const ranking = emptyRanking(users.rows, k)
    const topK = stage
    const inFlight = new InFlight(device.tuning.rankBlocksInFlight)
    for (let first = 0; first < users.rows; first += tiles.blockRows) {
      const rows = Math.min(tiles.blockRows, users.rows - first)
      await inFlight.add(1, async () => {
        const block = await topK.run(first, rows, (encoder) => {
          const pass = encoder.beginComputePass()
          tiles.encode(pass, first, rows)
          pass.end()
        })
        ranking.items.set(block.items, first * k)
        ranking.scores.set(block.scores, first * k)
      })
    }
    await inFlight.all()
    return ranking
  } finally {
    stage?.destroy()
    tiles.destroy()
  }
}

/** Lists of `k` for `rows` users, to be filled. */
export function emptyRanking(rows: number, k: number): Ranking {
  return { k, items: new Uint32Array(rows * k), scores: new Float32Array(rows * k) }
}
