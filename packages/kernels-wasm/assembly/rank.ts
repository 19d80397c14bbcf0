// Exact top-k lists of a block of users over all items: scores a tile at a time, small enough for the cache, and offers them
// to each user's heap.
import { RankBlock } from './rankBlock'
import { PANEL, packPanel, scoreFour } from './scoreTile'
import { barrier, me, nextPiece } from './team'
import { offerScores, writeRanking } from './topK'

/** Users of a tile. */
const USERS: u32 = 32
/** Items of a tile. */
const ITEMS: u32 = 256
const STRIDE: usize = 4 * ITEMS

// A thread's scratch: scores of a tile, then for each user of it the heap's size, the next excluded item, and the heap.
const SIZES: usize = USERS * STRIDE
const CURSORS: usize = SIZES + 4 * USERS
const HEAPS: usize = CURSORS + 4 * USERS

/** Bytes of a thread's scratch for lists of length k. */
export function rankScratchBytes(k: u32): u32 {
  return HEAPS + 8 * USERS * k
}

export function packItems(rank: RankBlock): void {
  const panels = (rank.items + PANEL - 1) / PANEL
  for (let panel = nextPiece(); panel < panels; panel = nextPiece()) {
    packPanel(rank.itemVectors, rank.items, rank.dimension, panel, rank.panels)
  }
  barrier()
}

export function rankUsers(rank: RankBlock): void {
  const scratch = rank.scratch + me * rank.scratchBytes
  const pieces = (rank.users + USERS - 1) / USERS
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    rankTile(rank, piece * USERS, min(rank.users, (piece + 1) * USERS), scratch)
  }
  barrier()
}

function rankTile(rank: RankBlock, firstUser: u32, endUser: u32, scratch: usize): void {
  const k = rank.k
  for (let user = firstUser; user < endUser; user++) {
    const at = (user - firstUser) << 2
    store<u32>(scratch + SIZES + at, 0)
    store<u32>(scratch + CURSORS + at, rank.excludedPointer === 0 ? 0 : load<u32>(rank.excludedPointer + (user << 2)))
  }
  for (let firstItem: u32 = 0; firstItem < rank.items; firstItem += ITEMS) {
    const count = min(ITEMS, rank.items - firstItem)
    scoreItems(rank, firstUser, endUser, firstItem, count, scratch, STRIDE)
    for (let user = firstUser; user < endUser; user++) {
      const number = user - firstUser
      const scores = scratch + number * STRIDE
      if (rank.excludedPointer !== 0) hideExcluded(rank, user, firstItem, count, scores, scratch + CURSORS + (number << 2))
      const size = scratch + SIZES + (number << 2)
      const heap = scratch + HEAPS + ((number * k) << 3)
      store<u32>(size, offerScores(heap, load<u32>(size), k, scores, firstItem, count))
    }
  }
  for (let user = firstUser; user < endUser; user++) {
    const number = user - firstUser
    const size = load<u32>(scratch + SIZES + (number << 2))
    const heap = scratch + HEAPS + ((number * k) << 3)
    writeRanking(heap, size, k, rank.topItems + ((user * k) << 2), rank.topScores + ((user * k) << 2))
  }
}

/** Inner products of a tile; rows of `stride` bytes, with room for whole groups of four users and whole panels of items. */
export function scoreItems(
  rank: RankBlock,
  firstUser: u32,
  endUser: u32,
  firstItem: u32,
  count: u32,
  scores: usize,
  stride: usize,
): void {
  const rowBytes = rank.dimension << 2
  const lastUser = rank.userVectors + (endUser - 1) * rowBytes
  for (let item: u32 = 0; item < count; item += PANEL) {
    const panel = rank.panels + (firstItem + item) * rowBytes
    for (let user = firstUser; user < endUser; user += 4) {
      const vectors = rank.userVectors + user * rowBytes
      // A last group of fewer than four works on the last user again; the tile has room for it.
      scoreFour(
        vectors,
        min(lastUser, vectors + rowBytes),
        min(lastUser, vectors + 2 * rowBytes),
        min(lastUser, vectors + 3 * rowBytes),
        panel,
        rank.dimension,
        scores + (user - firstUser) * stride + (item << 2),
        stride,
      )
    }
  }
}

/** Overwrites the scores of the user's excluded items of this tile. They ascend: the cursor stays at the first one beyond. */
function hideExcluded(rank: RankBlock, user: u32, firstItem: u32, count: u32, scores: usize, cursor: usize): void {
  const end = load<u32>(rank.excludedPointer + (user << 2), 4)
  let at = load<u32>(cursor)
  while (at < end) {
    const item = load<u32>(rank.excluded + (at << 2))
    if (item >= firstItem + count) break
    store<f32>(scores + ((item - firstItem) << 2), -Infinity)
    at++
  }
  store<u32>(cursor, at)
}
