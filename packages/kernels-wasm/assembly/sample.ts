// Draws a step's triples: the same as every other engine's, bit for bit, because random numbers are a function of
// (seed, step, slot) alone.
import { boundedInteger, boundedIntegerFrom } from './boundedInteger'
import { FitBlock, StepBlock } from './fitBlock'
import { itemOutside } from './itemOutside'
import { drawByMargin } from './marginNegatives'
import { choosePermutation, permute } from './permutation'
import { philoxFour, STREAM_NEGATIVE, STREAM_POSITIVE, STREAM_USER } from './philox'
import { placesBelow } from './placesBelow'
import { RANDOM } from './scratch'

/** Writes the rows of step `index` of the horizon: for each slot the user, the positive and the negatives. */
export function sampleStep(fit: FitBlock, index: u32, scratch: usize): void {
  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const rows = fit.rowsOfStep + ((index * fit.places) << 2)
  const slotBytes = (fit.negatives + 2) << 2
  const end = rows + step.positives * slotBytes
  // One loop after another, so that a loop's cache misses do not wait for each other.
  if (fit.byUser) drawUsers(fit, step, rows, slotBytes)
  else drawInteractions(fit, step, rows, slotBytes)
  if (fit.byMargin) drawByMargin(fit, step, rows, end, slotBytes, scratch)
  else drawNegatives(fit, step.number, rows, end, slotBytes, scratch + RANDOM)
}

/** The next interactions of the epoch's permutation. */
function drawInteractions(fit: FitBlock, step: StepBlock, rows: usize, slotBytes: usize): void {
  choosePermutation(step.epoch, fit.seedLow, fit.seedHigh)
  const end = rows + step.positives * slotBytes
  let position = step.position
  for (let at = rows; at < end; at += slotBytes) store<u32>(at, permute(position++, fit.interactions))
  for (let at = rows; at < end; at += slotBytes) {
    const edge = load<u32>(at) << 2
    store<u32>(at, load<u32>(fit.drawFrom + edge))
    store<u32>(at, fit.users + load<u32>(fit.columns + edge), 4)
  }
}

/** Users, without replacement where the batch allows it, and one positive of each. */
function drawUsers(fit: FitBlock, step: StepBlock, rows: usize, slotBytes: usize): void {
  const key0 = fit.seedLow
  const key1 = fit.seedHigh
  choosePermutation(step.number, key0, key1)
  for (let slot: u32 = 0; slot < step.positives; slot++) {
    const drawn =
      fit.batch <= fit.activeUsers
        ? permute(slot, fit.activeUsers)
        : boundedInteger(fit.activeUsers, step.number, slot, 0, STREAM_USER, key0, key1)
    const user = load<u32>(fit.drawFrom + (drawn << 2))
    const first = load<u32>(fit.rowPointer + (user << 2))
    const degree = load<u32>(fit.rowPointer + (user << 2), 4) - first
    const edge = first + boundedInteger(degree, step.number, slot, 0, STREAM_POSITIVE, key0, key1)
    store<u32>(rows + slot * slotBytes, user)
    store<u32>(rows + slot * slotBytes, fit.users + load<u32>(fit.columns + (edge << 2)), 4)
  }
}

/**
 * For each slot items that its user lacks: drawn by rank among those. With arms, among those of the positive's arm: to
 * `itemOutside` the user has none of the items before the arm, so that the arm's ranks begin at the arm's first item.
 */
function drawNegatives(
  fit: FitBlock,
  stepNumber: u32,
  rows: usize,
  end: usize,
  slotBytes: usize,
  words: usize,
): void {
  const key0 = fit.seedLow
  const key1 = fit.seedHigh
  const users = fit.users
  const negatives = fit.negatives
  const itemsOfArm = fit.items >> fit.hasArms
  const fours = negatives & ~3
  let slot: u32 = 0
  for (let at = rows; at < end; at += slotBytes) {
    const user = load<u32>(at)
    const first = load<u32>(fit.rowPointer + (user << 2))
    let degree = load<u32>(fit.rowPointer + (user << 2), 4) - first
    let positives = fit.columns + (first << 2)
    let base: u32 = 0
    if (fit.hasArms) {
      const inControl = placesBelow(positives, degree, itemsOfArm)
      if (load<u32>(at, 4) - users < itemsOfArm) {
        degree = inControl
      } else {
        positives += inControl << 2
        degree -= inControl
        base = itemsOfArm
      }
    }
    const left = itemsOfArm - degree
    // Draw k is below bound + k · growth: packages/oracle/src/negativeRanks.ts.
    const growth: u32 = fit.distinct & u32(negatives <= left)
    const bound = growth ? left - negatives + 1 : left
    const places = at + 8
    let place = places
    for (let k: u32 = 0; k < fours; k += 4) {
      // A draw's first counter word is 256 times its number: boundedInteger.ts.
      const counters = i32x4.shl(i32x4.add(i32x4.splat(k), i32x4(0, 1, 2, 3)), 8)
      philoxFour(words, stepNumber, slot, counters, STREAM_NEGATIVE, key0, key1)
      const from = bound + k * growth
      const rank0 = rankOf(load<u32>(words), from, stepNumber, slot, k, key0, key1)
      const rank1 = rankOf(load<u32>(words, 4), from + growth, stepNumber, slot, k + 1, key0, key1)
      const rank2 = rankOf(load<u32>(words, 8), from + 2 * growth, stepNumber, slot, k + 2, key0, key1)
      const rank3 = rankOf(load<u32>(words, 12), from + 3 * growth, stepNumber, slot, k + 3, key0, key1)
      store<u32>(place, rank0)
      store<u32>(place, rank1, 4)
      store<u32>(place, rank2, 8)
      store<u32>(place, rank3, 12)
      place += 16
    }
    for (let k = fours; k < negatives; k++) {
      store<u32>(place, boundedInteger(bound + k * growth, stepNumber, slot, k, STREAM_NEGATIVE, key0, key1))
      place += 4
    }
    if (growth) separate(places, negatives, bound)
    for (let n = places; n < place; n += 4) store<u32>(n, users + itemOutside(positives, degree, base + load<u32>(n)))
    slot++
  }
}

/** Floyd's algorithm: a rank that is taken gives way to the largest below its bound, which no earlier draw could reach. */
@inline
function separate(ranks: usize, count: u32, bound: u32): void {
  for (let k: u32 = 1; k < count; k++) {
    const rank = load<u32>(ranks + (k << 2))
    let isTaken: u32 = 0
    for (let n: u32 = 0; n < k; n++) isTaken |= u32(load<u32>(ranks + (n << 2)) === rank)
    if (isTaken) store<u32>(ranks + (k << 2), bound + k - 1)
  }
}

/** One of a slot's uniform draws. */
@inline
function rankOf(word: u32, bound: u32, stepNumber: u32, slot: u32, k: u32, key0: u32, key1: u32): u32 {
  return boundedIntegerFrom(word, bound, stepNumber, slot, k, STREAM_NEGATIVE, key0, key1)
}
