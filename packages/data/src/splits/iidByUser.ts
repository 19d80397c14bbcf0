import { keyOfSeed, Stream, uniformReal, type Csr } from '@gradrec/engine'
import { DataOptionError } from '../errors.ts'
import { drawPositions } from './drawPositions.ts'
import { pairsOfPart } from './pairsOfPart.ts'

export interface IidByUserOptions {
  /** Share of each user's interactions, 0 … 1. Default 0.1. */
  readonly validation?: number
  /** Share of each user's interactions, 0 … 1; with `validation` below 1 in sum. Default 0.1. */
  readonly test?: number
  /** An integer from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number
}

/** The three parts of a split; together they hold every pair exactly once. */
export interface ThreeParts {
  readonly train: Csr
  readonly validation: Csr
  readonly test: Csr
}

/** Second counter word of this split's draws within `Stream.split`; no other split uses these. */
const SHUFFLE = 16
const ROUNDING = 17

/**
 * The usual split without regard to popularity: of each user's n interactions a random n · `validation` and n · `test` are
 * held out, the rest trains. Fractions are rounded up or down at random, so that the shares hold on average for users of any
 * activity; a user always keeps one training interaction. Deterministic in (seed, matrix): user u's interactions are shuffled
 * with `Stream.split`, counter (u, 16), and rounded with (u, 17).
 */
export function splitIidByUser(interactions: Csr, options: IidByUserOptions = {}): ThreeParts {
  const { validation = 0.1, test = 0.1, seed = 0 } = options
  if (!(validation >= 0 && test >= 0 && validation + test < 1)) {
    throw new DataOptionError(
      `the shares held out are validation ${validation} and test ${test}; expected numbers, 0 or more, below 1 in sum`,
    )
  }
  const key = keyOfSeed(seed)
  const part = new Uint8Array(interactions.columns.length)
  for (let user = 0; user < interactions.rows; user++) {
    const begin = interactions.rowPointer[user]!
    const count = interactions.rowPointer[user + 1]! - begin
    if (count === 0) continue
    const rounding = uniformReal(user, ROUNDING, 0, Stream.split, key)
    const heldOut = Math.min(count - 1, Math.floor(count * (validation + test) + rounding))
    const tested = Math.min(heldOut, Math.floor(count * test + rounding))
    const positions = drawPositions(heldOut, count, user, SHUFFLE, key)
    for (const [k, position] of positions.entries()) part[begin + position] = k < tested ? 2 : 1
  }
  return {
    train: pairsOfPart(interactions, part, 0),
    validation: pairsOfPart(interactions, part, 1),
    test: pairsOfPart(interactions, part, 2),
  }
}
