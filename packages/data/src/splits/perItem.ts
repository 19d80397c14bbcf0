import { keyOfSeed, transpose, type Csr } from '@gradrec/engine'
import { DataOptionError } from '../errors.ts'
import { drawPositions } from './drawPositions.ts'
import { pairsOfPart } from './pairsOfPart.ts'

export interface PerItemOptions {
  /** Interactions held out of each item, 1 or more. */
  readonly perItem: number
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

/**
 * The popularity-free hold-out of METHODS.md §4.5: m interactions of every item at random, so that every item weighs the same
 * whatever its popularity. An item with n interactions gives min(m, n − 1), so it keeps at least one to train on; a user may
 * lose all of theirs. Deterministic in (seed, matrix): item i's draws come from `Stream.split`, counter (i, 0) or (i, 1).
 */
export function splitPerItem(interactions: Csr, options: PerItemOptions): HeldOut {
  const { perItem, seed = 0, purpose = 'validation' } = options
  if (!(Number.isInteger(perItem) && perItem >= 1)) {
    throw new DataOptionError(`perItem is ${perItem}; expected a whole number, 1 or more`)
  }
  const key = keyOfSeed(seed)
  const byItem = transpose(interactions)
  const chosen = new Uint8Array(byItem.columns.length)
  for (let item = 0; item < byItem.rows; item++) {
    const begin = byItem.rowPointer[item]!
    const count = byItem.rowPointer[item + 1]! - begin
    const held = Math.min(perItem, count - 1)
    if (held <= 0) continue
    for (const position of drawPositions(held, count, item, COUNTER[purpose], key)) chosen[begin + position] = 1
  }
  return { train: transpose(pairsOfPart(byItem, chosen, 0)), heldOut: transpose(pairsOfPart(byItem, chosen, 1)) }
}
