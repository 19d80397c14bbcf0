import type { IdMap } from './idMap.ts'
import { IdTable } from './idTable.ts'
import { rangeIdMap } from './rangeIdMap.ts'

/** One part's ids and which of them still have an interaction. */
export interface UsedIds {
  readonly ids: IdMap
  /** 1 for each row of `ids` that is used. */
  readonly used: Uint8Array
}

export interface CanonicalIds {
  readonly ids: IdMap
  /** For each part, the row in `ids` of each of its rows; meaningless for unused ones. */
  readonly rowOf: readonly Uint32Array[]
  /** Ids that no part uses. */
  readonly dropped: number
}

const UNUSED = 0xffffffff

/**
 * One numbering for the used ids of several parts. Rows follow the ids themselves (whole numbers by size, then all other
 * texts by their UTF-8 bytes), so that the order of files and of rows in them does not change the data set or its hash.
 */
export function canonicalIds(parts: readonly UsedIds[]): CanonicalIds {
  const all = new IdTable()
  const unused = new IdTable()
  const joined = parts.map(({ ids, used }) =>
    Uint32Array.from({ length: ids.size }, (_, row) => {
      if (used[row] === 1) return all.addText(ids.idOf(row))
      unused.addText(ids.idOf(row))
      return UNUSED
    }),
  )
  const order = Uint32Array.from({ length: all.size }, (_, row) => row)
  const isWhole = order.map((row) => (isWholeNumber(all.bytesOf(row)) ? 1 : 0))
  order.sort((a, b) => isWhole[b]! - isWhole[a]! || compare(all.bytesOf(a), all.bytesOf(b), isWhole[a] === 1))
  const rank = new Uint32Array(all.size)
  for (const [position, row] of order.entries()) rank[row] = position
  let dropped = 0
  for (let row = 0; row < unused.size; row++) if (all.indexOf(unused.idOf(row)) === undefined) dropped++
  return {
    ids: inOrder(all, order),
    rowOf: joined.map((rows) => rows.map((row) => (row === UNUSED ? UNUSED : rank[row]!))),
    dropped,
  }
}

function inOrder(all: IdTable, order: Uint32Array): IdMap {
  if (order.every((row, position) => all.idOf(row) === String(position))) return rangeIdMap(order.length)
  const sorted = new IdTable()
  for (const row of order) {
    const bytes = all.bytesOf(row)
    sorted.add(bytes, 0, bytes.length)
  }
  return sorted
}

/** Whether this is a whole number as a program would print it: digits without a leading zero. */
function isWholeNumber(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x30 && byte <= 0x39) && (bytes[0] !== 0x30 || bytes.length === 1)
}

/** Byte order; of whole numbers the shorter one comes first, which makes it the order of their sizes. */
function compare(a: Uint8Array, b: Uint8Array, byLength: boolean): number {
  if (byLength && a.length !== b.length) return a.length - b.length
  const length = Math.min(a.length, b.length)
  for (let p = 0; p < length; p++) if (a[p] !== b[p]) return a[p]! - b[p]!
  return a.length - b.length
}
