import { csrFromPairs, type Csr } from '@gradrec/engine'
import { canonicalIds } from './canonicalIds.ts'
import type { Repair } from './dataset.ts'
import { DataOptionError, DataShapeError } from './errors.ts'
import { reachingRating } from './filters/ratingThreshold.ts'
import type { IdMap } from './idMap.ts'
import type { Interactions } from './interactions.ts'
import { countRepair } from './repair.ts'
import { earliestTimes } from './timedPairs.ts'

export interface AlignedParts {
  readonly users: IdMap
  readonly items: IdMap
  /** Users × items, parallel to the parts that were given. */
  readonly matrices: readonly Csr[]
  readonly repairs: Repair[]
  /**
   * The times of a part's pairs (see `TimedPairs`), or `undefined` unless all of its files have times. Computed when asked
   * for, as most splits do not.
   */
  timesOf(part: number): Float64Array | undefined
}

/**
 * Brings the interactions of one or more parts, each of one or more files, under one numbering of users and items, keeps the
 * ratings of at least `minimumRating`, and merges repeated pairs; all that is mended is counted.
 *
 * Throws `DataShapeError` where files that declare their users and items declare different numbers, `DataOptionError` for a
 * threshold on a file without ratings, `EmptyDataError` where a file has nothing left.
 */
export function alignParts(
  parts: readonly (readonly Interactions[])[],
  minimumRating: number | undefined,
): AlignedParts {
  const files = parts.flat()
  const repairs = files.flatMap((file) => file.repairs)
  const kept = files.map((file) => reachingRating(file, minimumRating, repairs))
  const numbering = files.every((file) => file.declared) ? declaredIds(files) : occurringIds(files, kept, repairs)
  const { users, items } = numbering
  const rows = files.map((file, f) => ({
    user: renumber(file.user, kept[f]!, numbering.userRow[f]),
    item: renumber(file.item, kept[f]!, numbering.itemRow[f]),
  }))
  let begin = 0
  const spans = parts.map((part) => ({ begin, end: (begin += part.length) }))
  const joined = spans.map((span) => ({
    user: concatenate(
      rows.slice(span.begin, span.end).map((each) => each.user),
      Uint32Array,
    ),
    item: concatenate(
      rows.slice(span.begin, span.end).map((each) => each.item),
      Uint32Array,
    ),
  }))
  const matrices = joined.map(({ user, item }, p) => {
    const matrix = csrFromPairs(user, item, users.size, items.size)
    const sources = (parts[p] ?? []).map((file) => file.source).join(' + ')
    countRepair(repairs, 'duplicate-pair', user.length - matrix.columns.length, sources)
    return matrix
  })
  return {
    users,
    items,
    matrices,
    repairs,
    timesOf(part) {
      const { user, item } = joined[part]!
      const times: Float64Array[] = []
      for (let f = spans[part]!.begin; f < spans[part]!.end; f++) {
        const { time } = files[f]!
        if (time === undefined) return undefined
        times.push(Float64Array.from(kept[f]!, (k) => time[k]!))
      }
      return earliestTimes(matrices[part]!, user, item, concatenate(times, Float64Array))
    },
  }
}

interface Numbering {
  readonly users: IdMap
  readonly items: IdMap
  /** For each file, the new row of each of its rows; none where they stay as they are. */
  readonly userRow: readonly Uint32Array[]
  readonly itemRow: readonly Uint32Array[]
}

function renumber(column: Uint32Array, kept: Uint32Array, rowOf: Uint32Array | undefined): Uint32Array {
  return kept.map((k) => (rowOf === undefined ? column[k]! : rowOf[column[k]!]!))
}

function concatenate<T extends Uint32Array | Float64Array>(columns: readonly T[], make: new (length: number) => T): T {
  const [only] = columns
  if (only !== undefined && columns.length === 1) return only
  const all = new make(columns.reduce((sum, column) => sum + column.length, 0))
  let at = 0
  for (const column of columns) {
    all.set(column, at)
    at += column.length
  }
  return all
}

function declaredIds(files: readonly Interactions[]): Numbering {
  const [first] = files
  if (first === undefined) throw new DataOptionError('there are no parts; expected at least one')
  for (const file of files) {
    if (file.users.size === first.users.size && file.items.size === first.items.size) continue
    throw new DataShapeError(
      `${file.source} is ${file.users.size} users × ${file.items.size} items, but ${first.source} is ` +
        `${first.users.size} × ${first.items.size}; all parts of a data set must have one shape`,
    )
  }
  return { users: first.users, items: first.items, userRow: [], itemRow: [] }
}

function occurringIds(files: readonly Interactions[], kept: readonly Uint32Array[], repairs: Repair[]): Numbering {
  const used = (rows: Uint32Array, column: Uint32Array, size: number): Uint8Array => {
    const marks = new Uint8Array(size)
    for (const k of rows) marks[column[k]!] = 1
    return marks
  }
  const users = canonicalIds(
    files.map((file, f) => ({ ids: file.users, used: used(kept[f]!, file.user, file.users.size) })),
  )
  const items = canonicalIds(
    files.map((file, f) => ({ ids: file.items, used: used(kept[f]!, file.item, file.items.size) })),
  )
  countRepair(repairs, 'dropped-user', users.dropped)
  countRepair(repairs, 'dropped-item', items.dropped)
  return { users: users.ids, items: items.ids, userRow: users.rowOf, itemRow: items.rowOf }
}
