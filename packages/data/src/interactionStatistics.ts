import { columnCounts, type Csr } from '@gradrec/engine'

/** The rows that hold most of the interactions. */
export interface Head {
  /** 1 for each member. */
  readonly isMember: Uint8Array
  readonly size: number
}

export interface UserGroup {
  readonly users: number
  /** Mean number of popular items that a user of the group interacted with. */
  readonly popularItemsPerUser: number
  readonly unpopularItemsPerUser: number
}

export interface ItemGroup {
  readonly items: number
  /** Mean number of active users that interacted with an item of the group. */
  readonly activeUsersPerItem: number
  readonly inactiveUsersPerItem: number
}

/** Table I of the paper. Means over an empty group are 0. */
export interface InteractionStatistics {
  readonly users: { readonly all: UserGroup; readonly active: UserGroup; readonly inactive: UserGroup }
  readonly items: { readonly all: ItemGroup; readonly popular: ItemGroup; readonly unpopular: ItemGroup }
}

/**
 * The popular items, or active users: by count, descending (ties: the lower number first), those before the one whose
 * running sum reaches `share` of all interactions. That one is left out, which gives the paper's 328 and 20,801 exactly
 * (METHODS.md §2.3 M).
 */
export function headOf(counts: Uint32Array, share = 0.8): Head {
  const order = Uint32Array.from(counts, (_, k) => k).sort((a, b) => counts[b]! - counts[a]! || a - b)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const isMember = new Uint8Array(counts.length)
  let size = 0
  let running = 0
  for (const k of order) {
    running += counts[k]!
    if (running >= share * total) break
    isMember[k] = 1
    size++
  }
  return { isMember, size }
}

/**
 * How popular and unpopular items, active and inactive users meet in the training interactions: the paper's Table I.
 *
 * @param share of the interactions that the popular items, and the active users, hold together; 0.8 in the paper
 */
export function interactionStatistics(train: Csr, share = 0.8): InteractionStatistics {
  const popular = headOf(columnCounts(train), share)
  const active = headOf(
    Uint32Array.from({ length: train.rows }, (_, user) => train.rowPointer[user + 1]! - train.rowPointer[user]!),
    share,
  )
  // meetings[2 · active + popular]: interactions by the kind of user and the kind of item.
  const meetings = new Float64Array(4)
  for (let user = 0; user < train.rows; user++) {
    for (let k = train.rowPointer[user]!; k < train.rowPointer[user + 1]!; k++) {
      meetings[2 * active.isMember[user]! + popular.isMember[train.columns[k]!]!]!++
    }
  }
  const [quietRare = 0, quietHit = 0, activeRare = 0, activeHit = 0] = meetings
  const users = (count: number, hits: number, rares: number): UserGroup => ({
    users: count,
    popularItemsPerUser: hits / Math.max(1, count),
    unpopularItemsPerUser: rares / Math.max(1, count),
  })
  const items = (count: number, ofActive: number, ofInactive: number): ItemGroup => ({
    items: count,
    activeUsersPerItem: ofActive / Math.max(1, count),
    inactiveUsersPerItem: ofInactive / Math.max(1, count),
  })
  return {
    users: {
      all: users(train.rows, quietHit + activeHit, quietRare + activeRare),
      active: users(active.size, activeHit, activeRare),
      inactive: users(train.rows - active.size, quietHit, quietRare),
    },
    items: {
      all: items(train.columnCount, activeHit + activeRare, quietHit + quietRare),
      popular: items(popular.size, activeHit, quietHit),
      unpopular: items(train.columnCount - popular.size, activeRare, quietRare),
    },
  }
}
