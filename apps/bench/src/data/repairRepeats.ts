import type { Csr } from '@gradrec/engine'
import { Draw } from './draws.ts'
import { RandomWords } from './randomWords.ts'

/** Partners drawn at random for an exchange before all are searched. */
const MOST_TRIES = 256

/**
 * Removes repeats from rows that are sorted but hold some columns more than once, in place, with every row and every column keeping
 * its number of entries. A repeated item i of user u is exchanged for an item j of a random user v, where u has no j and v no i, which
 * makes no new repeat. Where no such pair turns up, a chain of exchanges over several users is searched for: there is one whenever
 * any matrix without repeats has these numbers (an augmenting path of the bipartite flow between users and items).
 *
 * @throws RangeError where there is none
 */
export function repairRepeats(matrix: Csr, seed: number): void {
  const { rows, rowPointer, columns } = matrix
  const words = new RandomWords(seed, Draw.repair)
  for (let user = 0; user < rows; user++) {
    for (let at = rowPointer[user]! + 1; at < rowPointer[user + 1]!; at++) {
      if (columns[at] !== columns[at - 1]) continue
      const item = columns[at]!
      if (!exchangeAtRandom(matrix, user, item, words)) exchangeAlongChain(matrix, user, item)
      // What came in its place may lie before, so the row is looked through again.
      at = rowPointer[user]!
    }
  }
}

function exchangeAtRandom(matrix: Csr, user: number, item: number, words: RandomWords): boolean {
  const { columns } = matrix
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const at = words.below(columns.length)
    const other = columns[at]!
    if (has(matrix, user, other)) continue
    const partner = rowOfEntry(matrix, at)
    if (has(matrix, partner, item)) continue
    replace(matrix, user, item, other)
    replace(matrix, partner, other, item)
    return true
  }
  return false
}

/**
 * Breadth first from `user`: an item that a reached user does not have is reached, and so is everybody who has a reached item. The
 * chain ends with a user who has no `item`: each user on it takes the next item and gives the one before to the next user.
 */
function exchangeAlongChain(matrix: Csr, user: number, item: number): void {
  const { rows, columnCount, rowPointer, columns } = matrix
  const NOBODY = 0xffffffff
  /** Who would take each item, and which item each user would give for it. */
  const takerOf = new Uint32Array(columnCount).fill(NOBODY)
  const givenBy = new Uint32Array(rows).fill(NOBODY)
  let frontier = [user]
  while (frontier.length > 0) {
    for (const taker of frontier) {
      for (let other = 0; other < columnCount; other++) {
        if (takerOf[other] === NOBODY && !has(matrix, taker, other)) takerOf[other] = taker
      }
    }
    frontier = []
    for (let giver = 0; giver < rows; giver++) {
      if (givenBy[giver] !== NOBODY || giver === user) continue
      for (let at = rowPointer[giver]!; at < rowPointer[giver + 1]!; at++) {
        const other = columns[at]!
        // A repeat of the giver's own would leave it with the item after all: its turn comes later.
        if (takerOf[other] === NOBODY || takerOf[other] === giver) continue
        givenBy[giver] = other
        frontier.push(giver)
        break
      }
      if (givenBy[giver] === NOBODY || has(matrix, giver, item)) continue
      giveAlong(matrix, { from: giver, user, item, takerOf, givenBy })
      return
    }
  }
  throw new RangeError(
    `no interactions without repeats have these numbers: ${columnCount} items and ${rows} users leave item ${item} twice with user ${user}`,
  )
}

function giveAlong(
  matrix: Csr,
  chain: { from: number; user: number; item: number; takerOf: Uint32Array; givenBy: Uint32Array },
): void {
  const { user, item, takerOf, givenBy } = chain
  let incoming = item
  for (let giver = chain.from; giver !== user;) {
    const given = givenBy[giver]!
    replace(matrix, giver, given, incoming)
    incoming = given
    giver = takerOf[given]!
  }
  replace(matrix, user, item, incoming)
}

function has(matrix: Csr, row: number, column: number): boolean {
  const at = firstNotBelow(matrix.columns, column, matrix.rowPointer[row]!, matrix.rowPointer[row + 1]!)
  return at < matrix.rowPointer[row + 1]! && matrix.columns[at] === column
}

/** Takes one entry `old` out of a row and puts `next` in, at its place in the order. */
function replace({ rowPointer, columns }: Csr, row: number, old: number, next: number): void {
  const begin = rowPointer[row]!
  const end = rowPointer[row + 1]!
  const from = firstNotBelow(columns, old, begin, end)
  const to = firstNotBelow(columns, next, begin, end)
  if (to > from) {
    columns.copyWithin(from, from + 1, to)
    columns[to - 1] = next
  } else {
    columns.copyWithin(to + 1, to, from)
    columns[to] = next
  }
}

function rowOfEntry({ rows, rowPointer }: Csr, entry: number): number {
  let low = 0
  let high = rows
  // The last row that begins at or before the entry.
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (rowPointer[middle]! <= entry) low = middle
    else high = middle
  }
  return low
}

function firstNotBelow(sorted: Uint32Array, value: number, begin: number, end: number): number {
  let low = begin
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
