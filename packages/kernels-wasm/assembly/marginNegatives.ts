// Negatives by their popularity beside the positive's (packages/engine/src/sampler.ts, `PopularityMargin`), the same as
// packages/oracle/src/marginNegatives.ts draws, bit for bit.
//
// In the order of popularity the more popular items are the last ones and the less popular ones the first. Of either kind the
// items that a user lacks are the ranks from a base on among all items that the user lacks in that order, so that they are drawn
// as uniform negatives are: a rank, then `itemOutside`.
import { boundedIntegerFrom } from './boundedInteger'
import { FitBlock, StepBlock } from './fitBlock'
import { itemOutside } from './itemOutside'
import { philoxFour, STREAM_NEGATIVE, STREAM_NEGATIVE_KIND } from './philox'
import { placesBelow } from './placesBelow'
import { DRAWS, RANDOM } from './scratch'

/** For each slot of a step, from `rows` to `end`, items that its user lacks. */
export function drawByMargin(
  fit: FitBlock,
  step: StepBlock,
  rows: usize,
  end: usize,
  slotBytes: usize,
  scratch: usize,
): void {
  let slot: u32 = 0
  for (let at = rows; at < end; at += slotBytes) drawOfSlot(fit, step, slot++, at, scratch)
}

@inline
function drawOfSlot(fit: FitBlock, step: StepBlock, slot: u32, at: usize, scratch: usize): void {
  const user = load<u32>(at)
  const first = load<u32>(fit.rowPointer + (user << 2))
  const degree = load<u32>(fit.rowPointer + (user << 2), 4) - first
  const owned = fit.orderOwned + (first << 2)
  const count: u64 = load<u32>(fit.countOfItem + ((load<u32>(at, 4) - fit.users) << 2))

  // Counts are whole: c_j < c_i / 2 is c_j < ⌈c_i / 2⌉.
  const upFrom = placesBelow(fit.orderCounts, fit.items, count + step.margin + 1)
  const downBelow: u64 = fit.downByMargin ? (count > step.margin ? count - step.margin : 0) : (count + 1) >> 1
  const downTo = placesBelow(fit.orderCounts, fit.items, downBelow)
  const left = fit.items - degree
  const upBase = upFrom - placesBelow(owned, degree, upFrom)
  const upSize = left - upBase
  const downSize = downTo - placesBelow(owned, degree, downTo)

  const all: u64 = ~(<u64>0) >> (64 - fit.negatives)
  let isUp: u64
  if (upSize < fit.pool) isUp = downSize === 0 ? all : 0
  else if (downSize < fit.pool) isUp = all
  else isUp = drawKinds(fit, step.number, slot, scratch + RANDOM) & all

  drawWords(fit, step.number, slot, scratch)
  const ranks = at + 8
  if (upSize > 0) drawRanks(fit, step.number, slot, isUp, upBase, upSize, ranks, scratch)
  else drawRanks(fit, step.number, slot, isUp, 0, left, ranks, scratch)
  if (downSize > 0) drawRanks(fit, step.number, slot, ~isUp & all, 0, downSize, ranks, scratch)
  else drawRanks(fit, step.number, slot, ~isUp & all, 0, left, ranks, scratch)
  const endOfRanks = ranks + (fit.negatives << 2)
  for (let rank = ranks; rank < endOfRanks; rank += 4) {
    const place = itemOutside(owned, degree, load<u32>(rank))
    store<u32>(rank, fit.users + load<u32>(fit.orderItems + (place << 2)))
  }
}

/** A fair coin for each negative, as bits: the highest bit of a draw's first word is what a draw below 2 comes to. */
function drawKinds(fit: FitBlock, stepNumber: u32, slot: u32, words: usize): u64 {
  let kinds: u64 = 0
  for (let k: u32 = 0; k < fit.negatives; k += 4) {
    philoxFour(words, stepNumber, slot, countersFrom(k), STREAM_NEGATIVE_KIND, fit.seedLow, fit.seedHigh)
    kinds |= <u64>(<u32>i32x4.bitmask(v128.load(words))) << k
  }
  return kinds
}

/** The first word of every negative's draw. */
function drawWords(fit: FitBlock, stepNumber: u32, slot: u32, scratch: usize): void {
  const words = scratch + RANDOM
  for (let k: u32 = 0; k < fit.negatives; k += 4) {
    philoxFour(words, stepNumber, slot, countersFrom(k), STREAM_NEGATIVE, fit.seedLow, fit.seedHigh)
    v128.store(scratch + DRAWS + (k << 2), v128.load(words))
  }
}

/** A draw's first counter word is 256 times its number: boundedInteger.ts. */
@inline
function countersFrom(k: u32): v128 {
  return i32x4.shl(i32x4.add(i32x4.splat(k), i32x4(0, 1, 2, 3)), 8)
}

/**
 * Ranks of the negatives of one kind, drawn from those that begin at `base`; distinct ones by Floyd's algorithm, as in sample.ts.
 *
 * @param members bit k is 1 if negative k is of the kind
 */
function drawRanks(
  fit: FitBlock,
  stepNumber: u32,
  slot: u32,
  members: u64,
  base: u32,
  size: u32,
  ranks: usize,
  scratch: usize,
): void {
  const count = <u32>popcnt(members)
  const growth: u32 = fit.distinct & u32(count <= size)
  let bound = growth ? size - count + 1 : size
  for (let rest = members; rest !== 0; rest &= rest - 1) {
    const k = <u32>ctz(rest)
    const word = load<u32>(scratch + DRAWS + (k << 2))
    let rank = base + boundedIntegerFrom(word, bound, stepNumber, slot, k, STREAM_NEGATIVE, fit.seedLow, fit.seedHigh)
    if (growth) {
      for (let earlier = members ^ rest; earlier !== 0; earlier &= earlier - 1) {
        // What is taken cannot be the newest, so that this happens at most once.
        if (load<u32>(ranks + (<usize>ctz(earlier) << 2)) === rank) rank = base + bound - 1
      }
    }
    store<u32>(ranks + (k << 2), rank)
    bound += growth
  }
}
