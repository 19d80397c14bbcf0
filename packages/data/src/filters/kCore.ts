import type { Csr } from '@gradrec/engine'
import type { Repair } from '../dataset.ts'
import { DataOptionError, EmptyDataError } from '../errors.ts'
import { countRepair } from '../repair.ts'

export interface KCoreOptions {
  /** Items that a user must have, a whole number, 1 or more. Default 1: every user with an interaction stays. */
  readonly users?: number
  /** Users that an item must have, a whole number, 1 or more. Default 1. */
  readonly items?: number
  /**
   * `untilStable` (default) repeats until every user and item has enough, as MACR's preparation does (METHODS.md §4.5).
   * `once` drops rare items, then users that have too few items left, and stops: items may end below their number, as they do
   * in DICE's data (METHODS.md §3.9, which asks for more than 10: here 11).
   */
  readonly passes?: 'untilStable' | 'once'
}

/** What a k-core keeps, and what it cost. */
export interface KCore {
  /** 1 for each user, item and pair (parallel to `columns`) that stays. */
  readonly keepsUser: Uint8Array
  readonly keepsItem: Uint8Array
  readonly keepsPair: Uint8Array
  /** Users with at least one interaction that are dropped; likewise items. */
  readonly droppedUsers: number
  readonly droppedItems: number
  readonly droppedPairs: number
  /** Sweeps over items and users that dropped something. */
  readonly passes: number
}

/**
 * The largest part of the data in which every user has at least `users` items and every item at least `items` users. It does
 * not depend on the order in which things are dropped. Users and items without any interaction go too. Repeated interactions
 * count once, since a matrix holds them once.
 *
 * Throws `DataOptionError` for numbers out of range.
 */
export function kCore(matrix: Csr, options: KCoreOptions): KCore {
  const { users = 1, items = 1, passes = 'untilStable' } = options
  for (const [name, least] of Object.entries({ users, items })) {
    if (Number.isInteger(least) && least >= 1) continue
    throw new DataOptionError(
      `the k-core asks for ${least} interactions of ${name}; expected a whole number, 1 or more`,
    )
  }
  const { rowPointer, columns } = matrix
  const userCount = Uint32Array.from({ length: matrix.rows }, (_, user) => rowPointer[user + 1]! - rowPointer[user]!)
  const itemCount = new Uint32Array(matrix.columnCount)
  for (const item of columns) itemCount[item]!++
  const hadUsers = userCount.filter((count) => count > 0).length
  const hadItems = itemCount.filter((count) => count > 0).length
  const keepsPair = new Uint8Array(columns.length).fill(1)
  const drop = (user: number, k: number): void => {
    keepsPair[k] = 0
    userCount[user]!--
    itemCount[columns[k]!]!--
  }
  let kept = columns.length
  let sweeps = 0
  for (;;) {
    const rare = itemCount.map((count) => (count < items ? 1 : 0))
    for (let user = 0; user < matrix.rows; user++) {
      for (let k = rowPointer[user]!; k < rowPointer[user + 1]!; k++) {
        if (keepsPair[k] === 1 && rare[columns[k]!] === 1) drop(user, k)
      }
      if (userCount[user]! >= users) continue
      for (let k = rowPointer[user]!; k < rowPointer[user + 1]!; k++) if (keepsPair[k] === 1) drop(user, k)
    }
    const left = userCount.reduce((sum, count) => sum + count, 0)
    if (left === kept) break
    kept = left
    sweeps++
    if (passes === 'once') break
  }
  const keepsUser = Uint8Array.from(userCount, (count) => (count > 0 ? 1 : 0))
  const keepsItem = Uint8Array.from(itemCount, (count) => (count > 0 ? 1 : 0))
  return {
    keepsUser,
    keepsItem,
    keepsPair,
    droppedUsers: hadUsers - keepsUser.filter((keeps) => keeps === 1).length,
    droppedItems: hadItems - keepsItem.filter((keeps) => keeps === 1).length,
    droppedPairs: columns.length - kept,
    passes: sweeps,
  }
}

/** Counts what a k-core dropped. Throws `EmptyDataError` where it left nothing. */
export function countKCore(
  core: KCore,
  { users = 1, items = 1 }: KCoreOptions,
  source: string,
  repairs: Repair[],
): void {
  countRepair(repairs, 'user-below-core', core.droppedUsers, String(users))
  countRepair(repairs, 'item-below-core', core.droppedItems, String(items))
  countRepair(repairs, 'pair-below-core', core.droppedPairs, source)
  if (core.keepsUser.includes(1)) return
  throw new EmptyDataError(
    `${source}: no users with ${users} and items with ${items} interactions or more are left; expected some: ask for ` +
      'fewer interactions each',
  )
}
