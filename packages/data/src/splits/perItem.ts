import { keyOfSeed, transpose, type Csr } from '@gradrec/engine'
import { DataOptionError } from '../errors.ts'
import { drawPositions } from './drawPositions.ts'
import { latestFirst } from './latestFirst.ts'
import { pairsOfPart } from './pairsOfPart.ts'

export interface PerItemOptions {
  /** Interactions held out of each item, 1 or more. */
  readonly perItem: number
  /** Holds out at most this share of an item's interactions, rounded down, 0 … 1; MACR's is 0.9. Default 1. */
  readonly maximumShare?: number
  /**
   * Parallel to the matrix's `columns`. With it the latest interactions of each item are held out, as MACR has it, and ties
   * are broken at random; without it random ones.
   */
  readonly time?: Float64Array
  /** An integer from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number
  /** What the pairs are held out for: the two draws are independent, so that one seed can serve both. Default `validation`. */
  readonly purpose?: 'validation' | 'test'
}

/** What is left for training, and what was held out; together they hold every pair exactly once. */
export interface HeldOut {
  readonly train: Csr
  readonly heldOut: Csr
}

/** Second counter word of this split's draws within `Stream.split`; no other split uses these. */
const COUNTER = { validation: 0, test: 1 } as const
const TIES = { validation: 2, test: 3 } as const

/**
 * The popularity-free hold-out of METHODS.md §4.5: m interactions of every item, at random or the latest, so that every item
 * weighs the same whatever its popularity. An item with n interactions gives min(m, ⌊`maximumShare` · n⌋, n − 1), so it keeps
 * at least one to train on; a user may lose all of theirs. Deterministic in (seed, matrix, times): item i's draws come from
 * `Stream.split`, counter (i, 0) or (i, 1), and its ties are broken with (i, 2) or (i, 3).
 *
 * Throws `DataOptionError` for numbers out of range.
 */
export function splitPerItem(interactions: Csr, options: PerItemOptions): HeldOut {
  const { perItem, maximumShare = 1, time, seed = 0, purpose = 'validation' } = options
  if (!(Number.isInteger(perItem) && perItem >= 1)) {
    throw new DataOptionError(`perItem is ${perItem}; expected a whole number, 1 or more`)
  }
  if (!(maximumShare >= 0 && maximumShare <= 1)) {
    throw new DataOptionError(`maximumShare is ${maximumShare}; expected a number, 0 to 1`)
  }
  const key = keyOfSeed(seed)
  const byItem = transpose(interactions)
  const positions = positionsByItem(interactions, byItem)
  const chosen = new Uint8Array(interactions.columns.length)
  for (let item = 0; item < byItem.rows; item++) {
    const begin = byItem.rowPointer[item]!
    const count = byItem.rowPointer[item + 1]! - begin
    const held = Math.min(perItem, Math.floor(maximumShare * count), count - 1)
    if (held <= 0) continue
    const drawn =
      time === undefined
        ? drawPositions(held, count, item, COUNTER[purpose], key)
        : latestFirst(
            Float64Array.from({ length: count }, (_, k) => time[positions[begin + k]!]!),
            item,
            TIES[purpose],
            key,
          )
    for (const k of drawn.subarray(0, held)) chosen[positions[begin + k]!] = 1
  }
  return { train: pairsOfPart(interactions, chosen, 0), heldOut: pairsOfPart(interactions, chosen, 1) }
}

/** For each entry of the transposed matrix, where it stands in the matrix itself. */
function positionsByItem(interactions: Csr, byItem: Csr): Uint32Array {
  const next = byItem.rowPointer.slice(0, byItem.rows)
  const positions = new Uint32Array(interactions.columns.length)
  // Users ascend within an item as they do in the matrix.
  for (const [k, item] of interactions.columns.entries()) positions[next[item]!++] = k
  return positions
}
