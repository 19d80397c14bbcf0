import {
  checkCorrections,
  checkMemory,
  checkRankInput,
  memoryPlan,
  NO_ITEM,
  type Corrections,
  type Csr,
  type Matrix,
  type Ranking,
  type RankOptions,
} from '@gradrec/engine'
import { blockBytes, writeBlock } from './block.ts'
import { addressesFrom, layOut } from './layout.ts'
import { memoryLimit } from './memoryLimit.ts'
import { variantLayout, writeItemCorrections, writeRows, writeUserCorrections } from './variantLayout.ts'
import { blocks, sizes } from './wasm.generated.ts'
import type { WasmDevice } from './wasmDevice.ts'

/** Users ranked by one call: many where threads share them, few where the caller waits. */
const USERS_AT_ONCE = 4096
const USERS_AT_ONCE_IN_CALLER = 128

/** Exact top-k by inner product. */
export async function rankOnDevice(
  device: WasmDevice,
  users: Matrix,
  items: Matrix,
  options: RankOptions,
): Promise<Ranking> {
  checkRankInput(users, items, options)
  const [ranking] = await rankLists(device, users, items, options)
  return ranking as Ranking
}

/** Exact top-k of every variant of the scores. */
export async function rankVariantsOnDevice(
  device: WasmDevice,
  users: Matrix,
  items: Matrix,
  corrections: Corrections,
  options: RankOptions,
): Promise<readonly Ranking[]> {
  checkRankInput(users, items, options)
  checkCorrections(users, items, corrections)
  return rankLists(device, users, items, options, corrections)
}

/** A ranking, or one for every variant, a block of users at a time. */
async function rankLists(
  device: WasmDevice,
  users: Matrix,
  items: Matrix,
  options: RankOptions,
  corrections?: Corrections,
): Promise<readonly Ranking[]> {
  const { k, exclude } = options
  const { dimension } = users
  const usersAtOnce = Math.min(users.rows, device.blocksCaller ? USERS_AT_ONCE_IN_CALLER : USERS_AT_ONCE)
  const variants = corrections === undefined ? undefined : variantLayout(corrections, usersAtOnce, k)
  const blockUsers = variants?.blockUsers ?? usersAtOnce
  const listCount = corrections?.users.length ?? 1
  const scratchBytes = variants?.scratch ?? Math.ceil((sizes.rankScratch + sizes.rankScratchPerPlace * k) / 64) * 64
  const arrays = {
    block: blockBytes(blocks.RankBlock),
    userVectors: blockUsers * dimension * 4,
    itemVectors: items.values.byteLength,
    panels: Math.ceil(items.rows / 8) * 8 * dimension * 4,
    excludedPointer: exclude === undefined ? 0 : 4 * (blockUsers + 1),
    excluded: exclude === undefined ? 0 : Math.max(4, 4 * mostExcluded(exclude, blockUsers)),
    itemCorrections: variants?.itemCorrections ?? 0,
    itemBounds: variants?.itemBounds ?? 0,
    itemAtPlace: variants?.itemAtPlace.byteLength ?? 0,
    userCorrections: variants?.userCorrections ?? 0,
    topItems: listCount * blockUsers * k * 4,
    topScores: listCount * blockUsers * k * 4,
    scratch: device.threads * scratchBytes,
  }
  checkRankMemory(device, arrays)
  const layout = layOut(arrays)
  const region = device.memory.allocate(layout.bytes, 'the ranking')
  try {
    const { memory } = device
    const at = addressesFrom(region.address, layout)
    const shape = {
      ...at,
      ...device.teamFields,
      items: items.rows,
      dimension,
      k,
      scratchBytes,
      variants: listCount,
      corrections: corrections?.items.dimension ?? 0,
      blockUsers,
      tileUsers: variants?.tileUsers ?? 0,
    }
    if (corrections === undefined || variants === undefined) {
      memory.floats(at.itemVectors, items.values.length).set(items.values)
    } else {
      writeRows(memory, at.itemVectors, items, variants.itemAtPlace)
      writeItemCorrections(memory, at, corrections, variants)
    }
    writeBlock(memory, at.block, blocks.RankBlock, { ...shape, users: 0 })
    await device.run('pack', at.block)
    const rankings = Array.from({ length: listCount }, () => ({
      k,
      items: new Uint32Array(users.rows * k).fill(NO_ITEM),
      scores: new Float32Array(users.rows * k).fill(-Infinity),
    }))
    for (let first = 0; first < users.rows; first += blockUsers) {
      const count = Math.min(blockUsers, users.rows - first)
      memory
        .floats(at.userVectors, count * dimension)
        .set(users.values.subarray(first * dimension, (first + count) * dimension))
      if (exclude !== undefined) {
        const pointer = exclude.rowPointer.subarray(first, first + count + 1)
        const begin = pointer[0] ?? 0
        const columns = exclude.columns.subarray(begin, pointer[count] ?? 0)
        memory.words(at.excludedPointer, count + 1).set(pointer.map((entry) => entry - begin))
        const places = variants?.placeOfItem
        memory
          .words(at.excluded, columns.length)
          .set(places === undefined ? columns : columns.map((item) => places[item]!))
      }
      if (corrections !== undefined) {
        writeUserCorrections(memory, at.userCorrections, corrections, { first, count, blockUsers })
      }
      writeBlock(memory, at.block, blocks.RankBlock, { ...shape, users: count })
      await device.run(corrections === undefined ? 'rank' : 'rankVariants', at.block)
      for (const [list, ranking] of rankings.entries()) {
        const offset = 4 * list * blockUsers * k
        ranking.items.set(memory.words(at.topItems + offset, count * k), first * k)
        ranking.scores.set(memory.floats(at.topScores + offset, count * k), first * k)
      }
    }
    return rankings
  } finally {
    device.memory.free(region)
  }
}

/** @throws MemoryError where the arrays do not fit into what is free of the memory */
function checkRankMemory(device: WasmDevice, arrays: Readonly<Record<RankArray, number>>): void {
  const sum = (...names: RankArray[]): number =>
    names.reduce((bytes, name) => bytes + layOut({ [name]: arrays[name] }).bytes, 0)
  const plan = memoryPlan({
    engine: 'wasm',
    work: 'this ranking',
    parts: [
      { name: 'the item vectors', bytes: sum('itemVectors', 'panels'), remedy: 'a smaller dimension' },
      { name: 'the excluded items of a block of users', bytes: sum('excludedPointer', 'excluded') },
      { name: 'the corrections of items', bytes: sum('itemCorrections', 'itemBounds', 'itemAtPlace') },
      { name: 'the lists of a block of users', bytes: sum('topItems', 'topScores'), remedy: 'shorter lists' },
      { name: 'a block of users', bytes: sum('block', 'userVectors', 'userCorrections') },
      { name: 'the scratch of threads', bytes: sum('scratch'), remedy: 'fewer threads' },
    ],
    host: [],
    limits: [memoryLimit(device.memory)],
  })
  checkMemory(plan)
}

type RankArray =
  | ('block' | 'userVectors' | 'itemVectors' | 'panels' | 'excludedPointer' | 'excluded' | 'topItems' | 'topScores')
  | ('itemCorrections' | 'itemBounds' | 'itemAtPlace' | 'userCorrections' | 'scratch')

/** The most entries that any block of `blockUsers` rows has. */
function mostExcluded({ rows, rowPointer }: Csr, blockUsers: number): number {
  let most = 0
  for (let first = 0; first < rows; first += blockUsers) {
    const end = Math.min(rows, first + blockUsers)
    most = Math.max(most, rowPointer[end]! - rowPointer[first]!)
  }
  return most
}
