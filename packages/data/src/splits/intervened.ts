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
import { pairsOfPart } from './pairsOfPart.ts'

/** DICE's four parts. `train` holds `intervenedTrain`; the others are disjoint. */
export interface IntervenedParts {
  readonly train: Csr
  readonly intervenedTrain: Csr
  readonly validation: Csr
  readonly test: Csr
}

/** Second counter word of this split's draws within `Stream.split`; no other split uses it. */
const COUNTER = 32

/** The share drawn against popularity, of all interactions. */
const INTERVENED = 0.4

/**
 * DICE's split for data that has one kind of interactions only (METHODS.md §3.9): 40 % of them are drawn without replacement
 * with weight 1 / popularity of the item, by keeping the smallest keys −ln U · popularity, and dealt out at random ¼ to
 * training, ¼ to validation, ½ to the test. Rare items run out, so the test is only nearly uniform over items, and an item
 * may keep no training interaction. Deterministic in (seed, matrix).
 */
export function splitIntervened(interactions: Csr, options: { readonly seed?: number } = {}): IntervenedParts {
  const key = keyOfSeed(options.seed ?? 0)
  const popularity = columnCounts(interactions)
  const userOf = rowOfEachEntry(interactions)
  const keys = Float64Array.from(interactions.columns, (item, k) => {
    const chance = uniformReal(userOf[k]!, COUNTER, item, Stream.split, key)
    return -Math.log(chance) * popularity[item]!
  })
  const drawn = Math.round(keys.length * INTERVENED)
  const order = Uint32Array.from(keys, (_, k) => k).sort((a, b) => keys[a]! - keys[b]! || a - b)
  const part = new Uint8Array(keys.length)
  const quarter = Math.round(drawn / 4)
  const dealing = permutationKeys(COUNTER, key)
  for (let k = 0; k < drawn; k++) {
    const place = permute(k, drawn, dealing)
    part[order[k]!] = place < quarter ? 1 : place < 2 * quarter ? 2 : 3
  }
  const intervenedTrain = pairsOfPart(interactions, part, 1)
  return {
    train: csrUnion(pairsOfPart(interactions, part, 0), intervenedTrain),
    intervenedTrain,
    validation: pairsOfPart(interactions, part, 2),
    test: pairsOfPart(interactions, part, 3),
  }
}
