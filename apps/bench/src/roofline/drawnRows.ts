import {
  boundedInteger,
  keyOfSeed,
  permutationKeys,
  permute,
  positivesInStep,
  rowOfEachEntry,
  stepsPerEpoch,
  Stream,
  type FitSpec,
} from '@gradrec/engine'
import { ownedBelow } from '../data/ownedBelow.ts'

/**
 * The rows that each step's triples take part in, exactly those that every engine draws from the spec: slot after slot the user, the
 * positive and the negatives, items counted on from the users.
 *
 * @throws RangeError for sampling that no run of the roofline has: users first, margins, arms
 */
export function drawnRows(spec: Pick<FitSpec, 'interactions' | 'sampler' | 'batch' | 'seed' | 'arms'>): {
  /** @param step 0-based, counted over the whole run */
  readonly ofStep: (step: number) => Uint32Array
} {
  const { interactions, sampler, batch, seed, arms } = spec
  if (sampler.positives !== 'interaction' || sampler.margin !== undefined || arms !== undefined) {
    throw new RangeError('only uniform negatives of permuted interactions can be counted')
  }
  const { rows: users, columnCount: items, rowPointer, columns } = interactions
  const { negatives, distinct = false } = sampler
  const userOf = rowOfEachEntry(interactions)
  const key = keyOfSeed(seed)
  const inEpoch = stepsPerEpoch(spec)
  const ofStep = (step: number): Uint32Array => {
    const epoch = Math.floor(step / inEpoch)
    const keys = permutationKeys(epoch, key)
    const count = positivesInStep(spec, step)
    const rows = new Uint32Array(count * (negatives + 2))
    const ranks = new Uint32Array(negatives)
    for (let slot = 0, at = 0; slot < count; slot++) {
      const entry = permute((step - epoch * inEpoch) * batch + slot, columns.length, keys)
      const user = userOf[entry]!
      const begin = rowPointer[user]!
      const owned = rowPointer[user + 1]! - begin
      const left = items - owned
      const isDistinct = distinct && negatives <= left
      rows[at++] = user
      rows[at++] = users + columns[entry]!
      for (let k = 0; k < negatives; k++) {
        // Floyd's draw of different ranks: packages/oracle/src/negativeRanks.ts.
        const bound = isDistinct ? left - negatives + k + 1 : left
        const rank = boundedInteger(bound, step, slot, k, Stream.negative, key)
        ranks[k] = isDistinct && ranks.subarray(0, k).includes(rank) ? bound - 1 : rank
        rows[at++] = users + ranks[k]! + ownedBelow(columns, begin, owned, ranks[k]!)
      }
    }
    return rows
  }
  return { ofStep }
}
