import { rowColumns, transpose, type Csr } from '@gradrec/engine'
import { AbortedError, ConfigError } from './errors.ts'
import { nextTask } from './nextTask.ts'
import { TopItems } from './topItems.ts'

/** The most similar items of every item. */
export interface ItemNeighbours {
  /** items × items: row i holds the neighbours of item i, without itself. */
  readonly neighbours: Csr
  /** Parallel to `neighbours.columns`: above 0, at most 1. */
  readonly similarities: Float32Array
}

export interface ItemNeighboursOptions {
  /** Most neighbours of an item, 1 or more. Default 100. */
  readonly neighbours?: number
  /** Added to the denominator, 0 … 10¹²: similarities that rest on few users shrink the more. Default 0. */
  readonly shrink?: number
  /** Stops with an `AbortedError`. */
  readonly signal?: AbortSignal
  /** Called a few times a second with the share of the items that is done. */
  readonly onProgress?: (share: number) => void
}

const MILLISECONDS_AT_ONCE = 50

/** With more, similarities could not be told from 0 in float32. */
const MOST_SHRINK = 1e12

/**
 * The nearest neighbours of every item by the cosine of their columns of a users × items matrix: with the users that two items
 * share, |U_i ∩ U_j| / (√|U_i| √|U_j| + shrink). Ties go to the lower item number. Lets other tasks have their turn.
 *
 * One item after the other is counted into an array as long as the catalogue, so that memory is what is kept, and time the sum of
 * squares of the users' interactions: seconds for a million interactions of 40,000 users.
 *
 * @throws ConfigError for an option out of its range, AbortedError when stopped
 */
export async function itemNeighbours(interactions: Csr, options: ItemNeighboursOptions = {}): Promise<ItemNeighbours> {
  const { neighbours: most = 100, shrink = 0, signal, onProgress } = options
  if (!(Number.isInteger(most) && most >= 1)) throw new ConfigError('neighbours', most, 'a whole number, 1 or more')
  if (!(shrink >= 0 && shrink <= MOST_SHRINK)) {
    throw new ConfigError('shrink', shrink, `a number from 0 to ${MOST_SHRINK}`)
  }
  const items = interactions.columnCount
  const usersOf = transpose(interactions)
  const norms = Float64Array.from({ length: items }, (_, item) => Math.sqrt(rowColumns(usersOf, item).length))
  const rowPointer = new Uint32Array(items + 1)
  const columns = new Uint32Array(items * Math.min(most, items))
  const similarities = new Float32Array(columns.length)
  const sharedUsers = new Uint32Array(items)
  const met = new Uint32Array(items)
  const top = new TopItems(Math.min(most, items))
  let end = 0
  let began = performance.now()
  for (let item = 0; item < items; item++) {
    const similarityTo = (other: number): number => sharedUsers[other]! / (norms[item]! * norms[other]! + shrink)
    const metCount = countSharedUsers(item, interactions, usersOf, sharedUsers, met)
    top.clear()
    for (let n = 0; n < metCount; n++) if (met[n] !== item) top.offer(met[n]!, similarityTo(met[n]!))
    for (const other of top.items.subarray(0, top.size).sort()) {
      columns[end] = other
      similarities[end++] = similarityTo(other)
    }
    rowPointer[item + 1] = end
    for (let n = 0; n < metCount; n++) sharedUsers[met[n]!] = 0
    if (performance.now() - began < MILLISECONDS_AT_ONCE) continue
    onProgress?.((item + 1) / items)
    await nextTask()
    if (signal?.aborted) throw new AbortedError('the search for similar items')
    began = performance.now()
  }
  return {
    neighbours: { rows: items, columnCount: items, rowPointer, columns: columns.slice(0, end) },
    similarities: similarities.slice(0, end),
  }
}

/**
 * Counts the users that an item shares with every other into `sharedUsers`, which is all 0, and lists the items that have any, itself
 * included, in `met`. Returns how many these are.
 */
function countSharedUsers(
  item: number,
  interactions: Csr,
  usersOf: Csr,
  sharedUsers: Uint32Array,
  met: Uint32Array,
): number {
  let count = 0
  for (const user of rowColumns(usersOf, item)) {
    const end = interactions.rowPointer[user + 1]!
    for (let entry = interactions.rowPointer[user]!; entry < end; entry++) {
      const other = interactions.columns[entry]!
      if (sharedUsers[other]!++ === 0) met[count++] = other
    }
  }
  return count
}
