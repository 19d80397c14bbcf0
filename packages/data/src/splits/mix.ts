import { keyOfSeed, permutationKeys, permute, type Csr } from '@gradrec/engine'
import { csrUnion } from '../csrSets.ts'
import { DataOptionError } from '../errors.ts'
import { againstPopularity } from './intervened.ts'
import { pairsOfPart } from './pairsOfPart.ts'

export interface MixPoolsOptions {
  /** Size of each of the two validation pools as a share of all interactions. Default 0.05. */
  readonly validation?: number
  /** Size of each of the two test pools; twice the sum of both shares is below 1. Default 0.15. */
  readonly test?: number
  /** As `IntervenedOptions` has it. Default: no cap. */
  readonly weightCap?: number
  /** An integer from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number
}

/** What is held out in one way. */
export interface Pool {
  readonly validation: Csr
  readonly test: Csr
}

/** One training part and two pools of equal size; together they hold every pair exactly once. */
export interface MixPools {
  readonly train: Csr
  /** Drawn against popularity, as `splitIntervened` draws. */
  readonly intervened: Pool
  /** Drawn evenly from what the first draw left, as `train` is. */
  readonly iid: Pool
}

/** Permutations of this split; no other split uses these. */
const DEALING = 64
const EVEN = 65
const MIXED = { intervened: 66, iid: 67 } as const

/**
 * What Fig. 7 of the paper needs (METHODS.md §2.3 Q): tests of one size that are intervened to a share p and IID otherwise, for
 * any p, beside one training part, so that a model is trained once and tested on all of them. By default 60 % trains, as in the
 * paper, and of the rest half is drawn against popularity and half evenly. `mixHeldOut` makes the mixtures. Deterministic in
 * (seed, matrix).
 *
 * Throws `DataOptionError` for shares out of range.
 */
export function splitMixPools(interactions: Csr, options: MixPoolsOptions = {}): MixPools {
  const { validation = 0.05, test = 0.15, weightCap, seed = 0 } = options
  const share = validation + test
  if (!(validation >= 0 && test >= 0 && share > 0 && 2 * share < 1)) {
    throw new DataOptionError(
      `the shares of each pool are validation ${validation} and test ${test}; expected numbers, 0 or more, above 0 and below ` +
        '0.5 in sum, since there are two pools',
    )
  }
  const key = keyOfSeed(seed)
  const order = againstPopularity(interactions, weightCap, seed)
  const size = Math.round(order.length * share)
  const tested = Math.round(order.length * test)
  const part = new Uint8Array(order.length)
  const dealing = permutationKeys(DEALING, key)
  for (let k = 0; k < size; k++) part[order[k]!] = permute(k, size, dealing) < tested ? 2 : 1
  const rest = Uint32Array.from(part.keys()).filter((k) => part[k] === 0)
  const even = permutationKeys(EVEN, key)
  for (let k = 0; k < size; k++) part[rest[permute(k, rest.length, even)]!] = k < tested ? 4 : 3
  const pool = (first: number): Pool => ({
    validation: pairsOfPart(interactions, part, first),
    test: pairsOfPart(interactions, part, first + 1),
  })
  return { train: pairsOfPart(interactions, part, 0), intervened: pool(1), iid: pool(3) }
}

/**
 * A held-out part of which the share `intervenedShare` is from the intervened pool and the rest from the IID pool. Its size is
 * that of the smaller pool whatever the share. Mixtures are nested: raising the share replaces IID pairs and keeps intervened
 * ones. Deterministic in (seed, pools).
 *
 * @param intervenedShare 0 … 1
 * @param seed an integer from 0 to 2^53 − 1
 */
export function mixHeldOut(intervened: Csr, iid: Csr, intervenedShare: number, seed = 0): Csr {
  if (!(intervenedShare >= 0 && intervenedShare <= 1)) {
    throw new DataOptionError(`the intervened share is ${intervenedShare}; expected a number, 0 to 1`)
  }
  const size = Math.min(intervened.columns.length, iid.columns.length)
  const wanted = Math.round(size * intervenedShare)
  return csrUnion(drawnOf(intervened, wanted, MIXED.intervened, seed), drawnOf(iid, size - wanted, MIXED.iid, seed))
}

/** The first `wanted` entries of a matrix in the order of a random permutation. */
function drawnOf(matrix: Csr, wanted: number, permutation: number, seed: number): Csr {
  const count = matrix.columns.length
  const keys = permutationKeys(permutation, keyOfSeed(seed))
  return pairsOfPart(
    matrix,
    Uint8Array.from({ length: count }, (_, k) => (permute(k, count, keys) < wanted ? 1 : 0)),
    1,
  )
}
