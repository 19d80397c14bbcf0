import { keyOfSeed, type Csr } from '@gradrec/engine'
import { drawPositions } from './drawPositions.ts'
import type { ThreeParts } from './iidByUser.ts'
import { latestFirst } from './latestFirst.ts'
import { pairsOfPart } from './pairsOfPart.ts'

export interface LeaveOneOutOptions {
  /** Parallel to the matrix's `columns`. With it each user's latest interactions are held out, without it random ones. */
  readonly time?: Float64Array
  /** An integer from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number
}

/** Second counter word of this split's draws within `Stream.split`; no other split uses it. */
const COUNTER = 48

/**
 * Leave one out: each user's latest interaction tests, the one before it validates, the rest trains. A user of two
 * interactions has none for validation, a user of one trains only. Without times two random interactions are taken. Equal
 * times are broken at random. Deterministic in (seed, matrix, times): user u's draws come from `Stream.split`, counter (u, 48).
 */
export function splitLeaveOneOut(interactions: Csr, options: LeaveOneOutOptions = {}): ThreeParts {
  const { time, seed = 0 } = options
  const key = keyOfSeed(seed)
  const part = new Uint8Array(interactions.columns.length)
  for (let user = 0; user < interactions.rows; user++) {
    const begin = interactions.rowPointer[user]!
    const end = interactions.rowPointer[user + 1]!
    if (end - begin < 2) continue
    const order =
      time === undefined
        ? drawPositions(2, end - begin, user, COUNTER, key)
        : latestFirst(time.subarray(begin, end), user, COUNTER, key)
    const [tested = 0, validated = 0] = order
    part[begin + tested] = 2
    if (end - begin > 2) part[begin + validated] = 1
  }
  return {
    train: pairsOfPart(interactions, part, 0),
    validation: pairsOfPart(interactions, part, 1),
    test: pairsOfPart(interactions, part, 2),
  }
}
