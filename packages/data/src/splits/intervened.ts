import {
  columnCounts,
  keyOfSeed,
  permutationKeys,
  permute,
  rowOfEachEntry,
  Stream,
  uniformReal,
  type Csr,
} from '@gradrec/engine'
import { csrUnion } from '../csrSets.ts'
import { DataOptionError } from '../errors.ts'
import { pairsOfPart } from './pairsOfPart.ts'

export interface IntervenedOptions {
  /** Share of all interactions that is drawn against popularity and trained on, 0 … 1. Default 0.1, as DICE has it. */
  readonly intervenedTrain?: number
  /** Share drawn against popularity for validation, 0 … 1. Default 0.1. */
  readonly validation?: number
  /** Share drawn against popularity for the test, 0 … 1; the three shares are below 1 in sum. Default 0.2. */
  readonly test?: number
  /**
   * Caps the weights 1 / popularity at this percentile, 0 … 100, of their distinct values (as `numpy.percentile` computes
   * it), so that the rarest items are not drawn almost surely. Default: no cap.
   */
  readonly weightCap?: number
  /** An integer from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number
}

/** DICE's four parts. `train` holds `intervenedTrain`, which may be empty; the others are disjoint. */
export interface IntervenedParts {
  readonly train: Csr
  readonly intervenedTrain: Csr
  readonly validation: Csr
  readonly test: Csr
}

/** Second counter word of this split's draws within `Stream.split`; no other split uses it. */
const COUNTER = 32

/**
 * DICE's split for data that has one kind of interactions only (METHODS.md §3.9): a share of them, by default 40 %, is drawn
 * without replacement with weight w = 1 / popularity of the item, by keeping the smallest keys −ln U / w, and dealt out at
 * random to training, validation and test, by default ¼, ¼ and ½. With the shares 0, 0.1 and 0.3 it is the split that the
 * paper's text describes (METHODS.md §8.1, `paper-60-10-30`). Rare items run out, so the test is only nearly uniform over
 * items, and an item may keep no training interaction.
 *
 * Deterministic in (seed, matrix): the key of user u and item i comes from `Stream.split`, counter (u, 32, i), and the dealing
 * is permutation number 32. Throws `DataOptionError` for shares or a cap out of range.
 */
export function splitIntervened(interactions: Csr, options: IntervenedOptions = {}): IntervenedParts {
  const { intervenedTrain: trained = 0.1, validation = 0.1, test = 0.2, weightCap, seed = 0 } = options
  const share = trained + validation + test
  if (!(trained >= 0 && validation >= 0 && test >= 0 && share > 0 && share < 1)) {
    throw new DataOptionError(
      `the shares drawn against popularity are intervenedTrain ${trained}, validation ${validation} and test ${test}; ` +
        'expected numbers, 0 or more, above 0 and below 1 in sum',
    )
  }
  const order = againstPopularity(interactions, weightCap, seed)
  const drawn = Math.round(order.length * share)
  const forTraining = Math.round((drawn * trained) / share)
  const forValidation =
    test === 0 ? drawn - forTraining : Math.min(drawn - forTraining, Math.round((drawn * validation) / share))
  const part = new Uint8Array(order.length)
  const dealing = permutationKeys(COUNTER, keyOfSeed(seed))
  for (let k = 0; k < drawn; k++) {
    const place = permute(k, drawn, dealing)
    part[order[k]!] = place < forTraining ? 1 : place < forTraining + forValidation ? 2 : 3
  }
  const intervenedTrain = pairsOfPart(interactions, part, 1)
  return {
    train: csrUnion(pairsOfPart(interactions, part, 0), intervenedTrain),
    intervenedTrain,
    validation: pairsOfPart(interactions, part, 2),
    test: pairsOfPart(interactions, part, 3),
  }
}

/**
 * Positions of all interactions in the order in which they are drawn without replacement with weights 1 / popularity, capped
 * or not.
 */
export function againstPopularity(interactions: Csr, weightCap: number | undefined, seed: number): Uint32Array {
  const key = keyOfSeed(seed)
  const popularity = columnCounts(interactions)
  // 1 / w; a weight that is capped is a popularity that is raised.
  const least = weightCap === undefined ? 0 : 1 / weightAtPercentile(popularity, weightCap)
  const userOf = rowOfEachEntry(interactions)
  const keys = Float64Array.from(interactions.columns, (item, k) => {
    const chance = uniformReal(userOf[k]!, COUNTER, item, Stream.split, key)
    return -Math.log(chance) * Math.max(popularity[item]!, least)
  })
  return Uint32Array.from(keys, (_, k) => k).sort((a, b) => keys[a]! - keys[b]! || a - b)
}

/** A percentile of the distinct values of 1 / popularity, with linear interpolation between them. */
function weightAtPercentile(popularity: Uint32Array, percentile: number): number {
  if (!(percentile >= 0 && percentile <= 100)) {
    throw new DataOptionError(`weightCap is ${percentile}; expected a percentile, 0 to 100`)
  }
  const distinct = [...new Set(popularity)].filter((count) => count > 0).toSorted((a, b) => b - a)
  const weights = distinct.map((count) => 1 / count)
  const place = ((weights.length - 1) * percentile) / 100
  const below = weights[Math.floor(place)] ?? 1
  const above = weights[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}
