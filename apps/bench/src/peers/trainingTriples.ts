import {
  boundedInteger,
  keyOfSeed,
  permutationKeys,
  permute,
  rowOfEachEntry,
  stepsPerEpoch,
  Stream,
  type Csr,
} from '@gradrec/engine'
import { ownedBelow } from '../data/ownedBelow.ts'

export interface TriplesRequest {
  /** users × items; every user has left at least one item out. */
  readonly interactions: Csr
  /** Positives per step, each with one negative. */
  readonly batch: number
  readonly epochs: number
  readonly seed: number
}

/**
 * The triples that every engine of gradrec trains from this seed, in the order of training, for others to train the same: an epoch is a
 * keyed permutation of all interactions, and the negative is drawn uniformly by rank among the items the user lacks.
 *
 * @returns epochs · interactions rows of (user, positive, negative)
 */
export function trainingTriples({ interactions, batch, epochs, seed }: TriplesRequest): Uint32Array {
  const { columns, rowPointer, columnCount } = interactions
  const userOf = rowOfEachEntry(interactions)
  const key = keyOfSeed(seed)
  const inEpoch = stepsPerEpoch({ interactions, batch })
  const triples = new Uint32Array(epochs * columns.length * 3)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const keys = permutationKeys(epoch, key)
    for (let place = 0; place < columns.length; place++) {
      const entry = permute(place, columns.length, keys)
      const user = userOf[entry]!
      const begin = rowPointer[user]!
      const owned = rowPointer[user + 1]! - begin
      const step = epoch * inEpoch + Math.floor(place / batch)
      const rank = boundedInteger(columnCount - owned, step, place % batch, 0, Stream.negative, key)
      const at = 3 * (epoch * columns.length + place)
      triples[at] = user
      triples[at + 1] = columns[entry]!
      triples[at + 2] = rank + ownedBelow(columns, begin, owned, rank)
    }
  }
  return triples
}
