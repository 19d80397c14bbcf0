import { csrFromPairs, type Csr } from '@gradrec/engine'
import { canonicalIds } from './canonicalIds.ts'
import type { Repair } from './dataset.ts'
import { DataOptionError, DataShapeError, EmptyDataError } from './errors.ts'
import type { IdMap } from './idMap.ts'
import type { Interactions } from './interactions.ts'
import { countRepair } from './repair.ts'

export interface AlignedParts {
  readonly users: IdMap
  readonly items: IdMap
  /** Users × items, parallel to what was given. */
  readonly matrices: readonly Csr[]
  readonly repairs: Repair[]
}

/**
 * Brings the interactions of one or more files under one numbering of users and items, keeps the ratings of at least
 * `minimumRating`, and merges repeated pairs; all that is mended is counted.
 *
 * Throws `DataShapeError` where files that declare their users and items declare different numbers, `DataOptionError` for a
 * threshold on a file without ratings, `EmptyDataError` where a file has nothing left.
 */
export function alignParts(parts: readonly Interactions[], minimumRating: number | undefined): AlignedParts {
  const repairs = parts.flatMap((part) => part.repairs)
  const kept = parts.map((part) => keptRows(part, minimumRating, repairs))
  const numbering = parts.every((part) => part.declared) ? declaredIds(parts) : occurringIds(parts, kept, repairs)
  const matrices = parts.map((part, p) => {
    const rows = kept[p]!
    const userRow = numbering.userRow[p]
    const itemRow = numbering.itemRow[p]
    const user = rows.map((k) => (userRow === undefined ? part.user[k]! : userRow[part.user[k]!]!))
    const item = rows.map((k) => (itemRow === undefined ? part.item[k]! : itemRow[part.item[k]!]!))
    const matrix = csrFromPairs(user, item, numbering.users.size, numbering.items.size)
    countRepair(repairs, 'duplicate-pair', user.length - matrix.columns.length, part.source)
    return matrix
  })
  return { users: numbering.users, items: numbering.items, matrices, repairs }
}

interface Numbering {
  readonly users: IdMap
  readonly items: IdMap
  /** For each part, the new row of each of its rows; none where they stay as they are. */
  readonly userRow: readonly Uint32Array[]
  readonly itemRow: readonly Uint32Array[]
}

/** Positions of the interactions that the threshold keeps. */
function keptRows(part: Interactions, minimumRating: number | undefined, repairs: Repair[]): Uint32Array {
  const all = Uint32Array.from({ length: part.user.length }, (_, k) => k)
  if (minimumRating === undefined) return all
  if (!Number.isFinite(minimumRating)) {
    throw new DataOptionError(`minimumRating is ${minimumRating}; expected a number`)
  }
  const { rating } = part
  if (rating === undefined) {
    throw new DataOptionError(
      `${part.source} has no ratings, so a rating threshold of ${minimumRating} means nothing; leave the threshold out, ` +
        'or name the rating column',
    )
  }
  // Ratings are float32: a threshold such as 3.3 has to be rounded as they were.
  const threshold = Math.fround(minimumRating)
  const kept = all.filter((k) => rating[k]! >= threshold)
  countRepair(repairs, 'below-rating', all.length - kept.length, part.source)
  if (kept.length === 0) {
    throw new EmptyDataError(`${part.source}: no rating reaches ${minimumRating}; expected at least one that does`)
  }
  return kept
}

function declaredIds(parts: readonly Interactions[]): Numbering {
  const [first] = parts
  if (first === undefined) throw new DataOptionError('there are no parts; expected at least one')
  for (const part of parts) {
    if (part.users.size === first.users.size && part.items.size === first.items.size) continue
    throw new DataShapeError(
      `${part.source} is ${part.users.size} users × ${part.items.size} items, but ${first.source} is ` +
        `${first.users.size} × ${first.items.size}; all parts of a data set must have one shape`,
    )
  }
  return { users: first.users, items: first.items, userRow: [], itemRow: [] }
}

function occurringIds(parts: readonly Interactions[], kept: readonly Uint32Array[], repairs: Repair[]): Numbering {
  const used = (rows: Uint32Array, column: Uint32Array, size: number): Uint8Array => {
    const marks = new Uint8Array(size)
    for (const k of rows) marks[column[k]!] = 1
    return marks
  }
  const users = canonicalIds(
    parts.map((part, p) => ({ ids: part.users, used: used(kept[p]!, part.user, part.users.size) })),
  )
  const items = canonicalIds(
    parts.map((part, p) => ({ ids: part.items, used: used(kept[p]!, part.item, part.items.size) })),
  )
  countRepair(repairs, 'dropped-user', users.dropped)
  countRepair(repairs, 'dropped-item', items.dropped)
  return { users: users.ids, items: items.ids, userRow: users.rowOf, itemRow: items.rowOf }
}
