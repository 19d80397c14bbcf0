// Exact top-k lists of a block of users for many scorings that differ in a few terms:
//
//     score_s(u, i) = p_u · q_i + Σ_r weights[s][u][r] · features[i][r]
//
// A user's inner products are computed once, for all items, and stay in the cache while variant after variant goes through
// them. Three things keep a variant's pass short:
//
// - It begins with the items of the variant before, scored anew and sorted: few places change from one to the next, and the
//   worst of them says from the outset how good an item has to be.
// - Items are compared sixteen at once, by an upper bound: the largest inner product among them plus, for each feature, the
//   weight times its largest value (its smallest, where the weight is negative). Rounding is monotone and the operations are
//   those of the score itself, in the same order, so that the bound holds to the last bit.
// - The host sorts the items by their first feature, which makes bounds tight. Here an item is known by its place in that order.
import { RankBlock } from './rankBlock'
import { scoreItems } from './rank'
import { me, barrier, nextPiece } from './team'
import { offerScores } from './topK'
import { insert, sortList } from './variantList'

/** Items that share a bound. */
const GROUP: u32 = 16
/** Items whose bounds are compared at once: rows of numbers for each item are padded to a multiple of them. */
const WIDE: u32 = 4 * GROUP

/** Bytes of a row of numbers for each item. */
@inline
function strideOf(items: u32): usize {
  return <usize>((items + WIDE - 1) & ~(WIDE - 1)) << 2
}

/** What `RankBlock.itemCorrections` is padded to, in items. */
export function variantPadding(): u32 {
  return WIDE
}

export function variantGroup(): u32 {
  return GROUP
}

/** Bytes of a thread's scratch for a tile of `users` users. */
export function variantScratchBytes(users: u32, items: u32, k: u32): u32 {
  return <u32>(users * strideOf(items) + strideOf(items) / GROUP) + 24 * k
}

export function rankAllVariants(rank: RankBlock): void {
  const scratch = rank.scratch + me * rank.scratchBytes
  const size = rank.tileUsers
  const pieces = (rank.users + size - 1) / size
  const stride = strideOf(rank.items)
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const firstUser = piece * size
    const endUser = min(rank.users, firstUser + size)
    scoreItems(rank, firstUser, endUser, 0, rank.items, scratch, stride)
    for (let user = firstUser; user < endUser; user++) {
      rankUser(rank, user, scratch + (user - firstUser) * stride, scratch + size * stride)
    }
  }
  barrier()
}

/** @param spare room for the largest score of each group, the list, what is hidden, and a heap */
function rankUser(rank: RankBlock, user: u32, scores: usize, spare: usize): void {
  const k = rank.k
  const stride = strideOf(rank.items)
  hideExcluded(rank, user, scores)
  const largest = spare
  largestOfGroups(scores, scores + stride, largest)
  const listScores = spare + stride / GROUP
  const listPlaces = listScores + (k << 2)
  const hidden = listPlaces + (k << 2)
  const heap = hidden + (k << 2)

  // Any k items do to begin with: the best without corrections.
  const size = offerScores(heap, 0, k, scores, 0, rank.items)
  for (let n: u32 = 0; n < size; n++) store<u32>(listPlaces + (n << 2), load<u32>(heap + (n << 3), 4))

  for (let variant: u32 = 0; variant < rank.variants; variant++) {
    const row = variant * rank.blockUsers + user
    const weights = rank.userCorrections + ((row * rank.corrections) << 2)
    for (let n: u32 = 0; n < size; n++) {
      store<f32>(listScores + (n << 2), scoreOf(rank, scores, weights, load<u32>(listPlaces + (n << 2))))
    }
    sortList(listScores, listPlaces, size, rank.itemAtPlace)
    // A list that is not full holds all the items there are.
    if (size === k) {
      const first = heap
      for (let n: u32 = 0; n < k; n++) {
        const place = load<u32>(listPlaces + (n << 2))
        store<u32>(first + (n << 2), place)
        store<f32>(hidden + (n << 2), load<f32>(scores + (place << 2)))
        store<f32>(scores + (place << 2), -Infinity)
      }
      if (rank.corrections === 1) searchBetter(rank, scores, largest, weights, listScores, listPlaces, 1)
      else if (rank.corrections === 2) searchBetter(rank, scores, largest, weights, listScores, listPlaces, 2)
      else if (rank.corrections === 3) searchBetter(rank, scores, largest, weights, listScores, listPlaces, 3)
      else searchBetter(rank, scores, largest, weights, listScores, listPlaces, 4)
      for (let n: u32 = 0; n < k; n++) {
        store<f32>(scores + (load<u32>(first + (n << 2)) << 2), load<f32>(hidden + (n << 2)))
      }
    }
    const topItems = rank.topItems + ((row * k) << 2)
    const topScores = rank.topScores + ((row * k) << 2)
    for (let n: u32 = 0; n < k; n++) {
      const item = n < size ? load<u32>(rank.itemAtPlace + (load<u32>(listPlaces + (n << 2)) << 2)) : 0xffffffff
      store<u32>(topItems + (n << 2), item)
      store<f32>(topScores + (n << 2), n < size ? load<f32>(listScores + (n << 2)) : -Infinity)
    }
  }
}

/** Overwrites the scores of the user's excluded items, and what lies beyond the last item. */
function hideExcluded(rank: RankBlock, user: u32, scores: usize): void {
  const end = scores + strideOf(rank.items)
  for (let at = scores + (rank.items << 2); at < end; at += 4) store<f32>(at, -Infinity)
  if (rank.excludedPointer === 0) return
  const pointer = rank.excludedPointer + (user << 2)
  const last = rank.excluded + (load<u32>(pointer, 4) << 2)
  for (let at = rank.excluded + (load<u32>(pointer) << 2); at < last; at += 4) {
    store<f32>(scores + (load<u32>(at) << 2), -Infinity)
  }
}

function largestOfGroups(scores: usize, end: usize, largest: usize): void {
  for (let at = scores; at < end; at += GROUP << 2) {
    const four = f32x4.pmax(
      f32x4.pmax(v128.load(at), v128.load(at, 16)),
      f32x4.pmax(v128.load(at, 32), v128.load(at, 48)),
    )
    const two = f32x4.pmax(four, v128.shuffle<f32>(four, four, 2, 3, 0, 1))
    store<f32>(largest, max(f32x4.extract_lane(two, 0), f32x4.extract_lane(two, 1)))
    largest += 4
  }
}

/** An item's score in a variant, with the operations of `correct` in their order, for the same bits. */
@inline
function scoreOf(rank: RankBlock, scores: usize, weights: usize, place: u32): f32 {
  const stride = strideOf(rank.items)
  let score = load<f32>(scores + (place << 2))
  let feature = rank.itemCorrections + (place << 2)
  for (let r: u32 = 0; r < rank.corrections; r++) {
    score += load<f32>(weights + (r << 2)) * load<f32>(feature)
    feature += stride
  }
  return score
}

/**
 * Puts every item into the full list that belongs there.
 *
 * @param corrections a constant where it is called, so that each number of them gets a loop of its own
 */
@inline
function searchBetter(
  rank: RankBlock,
  scores: usize,
  largest: usize,
  weights: usize,
  listScores: usize,
  listPlaces: usize,
  corrections: u32,
): void {
  const k = rank.k
  const stride = strideOf(rank.items)
  const boundBytes = stride / GROUP
  const w0 = v128.load32_splat(weights)
  const w1 = corrections > 1 ? v128.load32_splat(weights, 4) : w0
  const w2 = corrections > 2 ? v128.load32_splat(weights, 8) : w0
  const w3 = corrections > 3 ? v128.load32_splat(weights, 12) : w0
  const b0 = boundOf(rank, weights, 0, boundBytes)
  const b1 = corrections > 1 ? boundOf(rank, weights, 1, boundBytes) : b0
  const b2 = corrections > 2 ? boundOf(rank, weights, 2, boundBytes) : b0
  const b3 = corrections > 3 ? boundOf(rank, weights, 3, boundBytes) : b0
  const worst = listScores + ((k - 1) << 2)
  let least = v128.load32_splat(worst)
  for (let bound: usize = 0; bound < boundBytes; bound += 16) {
    const most = correct(largest + bound, b0 + bound, b1 + bound, b2 + bound, b3 + bound, w0, w1, w2, w3, corrections)
    for (let groups = i32x4.bitmask(f32x4.ge(most, least)); groups !== 0; groups &= groups - 1) {
      const first = <u32>(bound << 2) + (<u32>ctz(groups) << 4)
      const at = scores + (first << 2)
      const f0 = rank.itemCorrections + (first << 2)
      const f1 = f0 + stride
      const f2 = f1 + stride
      const f3 = f2 + stride
      const s0 = correct(at, f0, f1, f2, f3, w0, w1, w2, w3, corrections)
      const s1 = correct(at + 16, f0 + 16, f1 + 16, f2 + 16, f3 + 16, w0, w1, w2, w3, corrections)
      const s2 = correct(at + 32, f0 + 32, f1 + 32, f2 + 32, f3 + 32, w0, w1, w2, w3, corrections)
      const s3 = correct(at + 48, f0 + 48, f1 + 48, f2 + 48, f3 + 48, w0, w1, w2, w3, corrections)
      if (!v128.any_true(f32x4.ge(f32x4.pmax(f32x4.pmax(s0, s1), f32x4.pmax(s2, s3)), least))) continue
      let better: u32 =
        i32x4.bitmask(f32x4.ge(s0, least)) |
        (i32x4.bitmask(f32x4.ge(s1, least)) << 4) |
        (i32x4.bitmask(f32x4.ge(s2, least)) << 8) |
        (i32x4.bitmask(f32x4.ge(s3, least)) << 12)
      for (; better !== 0; better &= better - 1) {
        const place = first + <u32>ctz(better)
        insert(listScores, listPlaces, k, scoreOf(rank, scores, weights, place), place, rank.itemAtPlace)
      }
      least = v128.load32_splat(worst)
    }
  }
}

/** Where the bounds of a feature lie: its largest values in groups, or its smallest where the weight is negative. */
@inline
function boundOf(rank: RankBlock, weights: usize, feature: u32, boundBytes: usize): usize {
  const isNegative: u32 = load<f32>(weights + (feature << 2)) < 0 ? 1 : 0
  return rank.itemBounds + (2 * feature + isNegative) * boundBytes
}

/** Four scores in a variant, or four bounds. */
@inline
function correct(
  scores: usize,
  f0: usize,
  f1: usize,
  f2: usize,
  f3: usize,
  w0: v128,
  w1: v128,
  w2: v128,
  w3: v128,
  corrections: u32,
): v128 {
  let score = f32x4.add(v128.load(scores), f32x4.mul(w0, v128.load(f0)))
  if (corrections > 1) score = f32x4.add(score, f32x4.mul(w1, v128.load(f1)))
  if (corrections > 2) score = f32x4.add(score, f32x4.mul(w2, v128.load(f2)))
  if (corrections > 3) score = f32x4.add(score, f32x4.mul(w3, v128.load(f3)))
  return score
}
