import type { Csr } from '@gradrec/engine'
import { Draw } from './draws.ts'
import { RandomWords } from './randomWords.ts'
import { repairRepeats } from './repairRepeats.ts'

export interface Margins {
  /** Interactions of each user: at most as many as there are items. */
  readonly userCounts: Uint32Array
  /** Interactions of each item: at most as many as there are users; the same sum as `userCounts`. */
  readonly itemCounts: Uint32Array
  /** An integer from 0 to 2^53 − 1. */
  readonly seed: number
}

/** Users with more than this share of all items draw by weight, without rejection. */
const LONG_ROW = 1 / 4

/** Draws for one place of a row before an item is taken twice, to be repaired later. */
const MOST_TRIES = 64

/**
 * Interactions with exactly these numbers per user and per item, and otherwise random: no user has an item twice, and nothing but the
 * margins decides who has what. They have the shape of a data set and the memory traffic of one, and nothing to be learnt.
 *
 * Every item goes into an urn as often as it occurs, and users draw from it without replacement, putting back what they have already;
 * the few places that could only be filled with a repeat at the end are repaired by exchange with other users (`repairRepeats`). Users
 * with very long rows draw first, by weight: the smallest keys E / count, with E exponential, are a sample without replacement that
 * takes the next item in proportion to what is left of it. Linear in the interactions; holds eight bytes for each at most.
 *
 * @returns columns ascending within each user; the same seed gives the same bits
 * @throws RangeError for margins that no such interactions have
 */
export function simulatedInteractions({ userCounts, itemCounts, seed }: Margins): Csr {
  const users = userCounts.length
  const items = itemCounts.length
  const total = checkMargins(userCounts, itemCounts)
  const rowPointer = new Uint32Array(users + 1)
  for (let user = 0; user < users; user++) rowPointer[user + 1] = rowPointer[user]! + userCounts[user]!
  const columns = new Uint32Array(total)
  const left = itemCounts.slice()
  const filled = drawLongRows(userCounts, rowPointer, columns, left, seed)
  drawRows(rowPointer, columns, filled, left, seed)
  for (let user = 0; user < users; user++) columns.subarray(rowPointer[user], rowPointer[user + 1]).sort()
  const matrix = { rows: users, columnCount: items, rowPointer, columns }
  repairRepeats(matrix, seed)
  return matrix
}

function checkMargins(userCounts: Uint32Array, itemCounts: Uint32Array): number {
  const total = sumWithin(userCounts, itemCounts.length, 'userCounts', 'items')
  const ofItems = sumWithin(itemCounts, userCounts.length, 'itemCounts', 'users')
  if (total === ofItems) return total
  throw new RangeError(`userCounts add up to ${total} and itemCounts to ${ofItems}; expected the same sum`)
}

function sumWithin(counts: Uint32Array, most: number, name: string, others: string): number {
  let sum = 0
  for (const [n, count] of counts.entries()) {
    if (count > most)
      throw new RangeError(`${name}[${n}] is ${count}; expected at most the ${most} ${others} there are`)
    sum += count
  }
  return sum
}

/** Returns how many places of each user's row are filled: those of long rows, as far as there are different items for them. */
function drawLongRows(
  userCounts: Uint32Array,
  rowPointer: Uint32Array,
  columns: Uint32Array,
  left: Uint32Array,
  seed: number,
): Uint32Array {
  const items = left.length
  const filled = new Uint32Array(userCounts.length)
  const keys = new Float64Array(items)
  for (let user = 0; user < userCounts.length; user++) {
    const count = userCounts[user]!
    if (count <= items * LONG_ROW) continue
    const words = new RandomWords(seed, Draw.longRows, user)
    for (let item = 0; item < items; item++) keys[item] = -Math.log(words.unit()) / left[item]!
    const bar = keys.toSorted()[count - 1]!
    let at = rowPointer[user]!
    const end = at + count
    for (let item = 0; item < items && at < end; item++) {
      // An item of which nothing is left has the key ∞.
      if (keys[item]! > bar || left[item] === 0) continue
      columns[at++] = item
      left[item]!--
    }
    filled[user] = at - rowPointer[user]!
  }
  return filled
}

/** Fills what is free of every row from the urn of what is left. */
function drawRows(
  rowPointer: Uint32Array,
  columns: Uint32Array,
  filled: Uint32Array,
  left: Uint32Array,
  seed: number,
): void {
  const urn = new Uint32Array(left.reduce((sum, count) => sum + count, 0))
  for (let item = 0, at = 0; item < left.length; item++) {
    urn.fill(item, at, at + left[item]!)
    at += left[item]!
  }
  const words = new RandomWords(seed, Draw.rows)
  /** The last user that has drawn each item, counted from 1. */
  const drawnBy = new Uint32Array(left.length)
  let inUrn = urn.length
  for (let user = 0; user < filled.length; user++) {
    const begin = rowPointer[user]!
    const end = rowPointer[user + 1]!
    let at = begin + filled[user]!
    for (let own = begin; own < at; own++) drawnBy[columns[own]!] = user + 1
    for (; at < end; at++) {
      let place = words.below(inUrn)
      for (let tries = 1; tries < MOST_TRIES && drawnBy[urn[place]!] === user + 1; tries++) place = words.below(inUrn)
      const item = urn[place]!
      drawnBy[item] = user + 1
      columns[at] = item
      urn[place] = urn[--inUrn]!
    }
  }
}
