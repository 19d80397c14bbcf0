import {
  boundedInteger,
  keyOfSeed,
  permutationKeys,
  permute,
  popularityOrder,
  positivesInStep,
  rowColumns,
  stepsPerEpoch,
  Stream,
  type Csr,
  type FitSpec,
  type PopularityMargin,
  type Sampler,
} from '@gradrec/engine'
import { armNegatives } from './armNegatives.ts'
import { complementItem } from './complementItem.ts'
import { marginNegatives } from './marginNegatives.ts'
import { negativeRanks } from './negativeRanks.ts'

/** The part of a `FitSpec` that decides which triples a step sees. */
export type SampleSpec = Pick<FitSpec, 'interactions' | 'sampler' | 'batch' | 'seed' | 'arms'>

/** A step's triples: slot b pairs users[b] and positives[b] with each of negatives[b · K … b · K + K − 1]. */
export interface Samples {
  readonly users: Uint32Array
  readonly positives: Uint32Array
  /** users.length × K item numbers. */
  readonly negatives: Uint32Array
}

/**
 * The triples of one step, a function of spec and step alone. Every engine draws the same ones, bit for bit.
 *
 * - Positives by `interaction`: in epoch e = ⌊step / stepsPerEpoch⌋, slot b takes the interaction at place
 *   p = (step − e · stepsPerEpoch) · batch + b of the epoch's keyed permutation.
 * - Positives by `user`: slot b takes the b-th of the step's keyed permutation of the users that have an interaction
 *   (a uniform draw, if the batch is larger than their number), then one of that user's items, uniformly.
 * - Each negative is a uniform draw from the items the user has no interaction with (METHODS.md §3.2, §4.1); `negativeRanks`.
 *   With a margin it is one from the more or the less popular of those (METHODS.md §3.6); `marginNegatives`. With arms it is one
 *   from those of the positive's own arm (METHODS.md §3.5); `armNegatives`.
 *
 * @param step 0-based, counted over the whole run
 */
export function sampleStep(spec: SampleSpec, step: number): Samples {
  const { sampler } = spec
  const count = positivesInStep(spec, step)
  const users = new Uint32Array(count)
  const positives = new Uint32Array(count)
  if (sampler.positives === 'interaction') drawInteractions(spec, step, users, positives)
  else drawUsers(spec, step, users, positives)

  const negatives = new Uint32Array(count * sampler.negatives)
  const ofSlot = negativesOf(spec, step)
  for (let b = 0; b < count; b++) negatives.set(ofSlot(b, users[b]!, positives[b]!), b * sampler.negatives)
  return { users, positives, negatives }
}

/** The negatives of slot b with its user and positive. */
type NegativesOf = (b: number, user: number, positive: number) => number[]

function negativesOf(spec: SampleSpec, step: number): NegativesOf {
  const { arms, sampler } = spec
  if (arms !== undefined) return inArms(spec, step)
  return sampler.margin === undefined
    ? uniformly(spec, step)
    : byMargin(spec, { ...sampler, margin: sampler.margin }, step)
}

function inArms({ interactions, sampler, seed }: SampleSpec, step: number): NegativesOf {
  const key = keyOfSeed(seed)
  return (slot, user, positive) => armNegatives(interactions, sampler, { step, slot, user, positive, key })
}

function uniformly({ interactions, sampler, seed }: SampleSpec, step: number): NegativesOf {
  const key = keyOfSeed(seed)
  return (b, user) => {
    const owned = rowColumns(interactions, user)
    const left = interactions.columnCount - owned.length
    const ranks = negativeRanks(left, sampler, (bound, k) => boundedInteger(bound, step, b, k, Stream.negative, key))
    return ranks.map((r) => complementItem(owned, r))
  }
}

function byMargin(
  spec: SampleSpec,
  sampler: Sampler & { readonly margin: PopularityMargin },
  step: number,
): NegativesOf {
  const { interactions, seed } = spec
  const { popularity } = sampler.margin
  const order = popularityOrder(popularity, interactions)
  const epoch = Math.floor(step / stepsPerEpoch(spec))
  const key = keyOfSeed(seed)
  return (slot, user, positive) => {
    const owned = order.owned.subarray(interactions.rowPointer[user], interactions.rowPointer[user + 1])
    return marginNegatives(order, sampler, { step, slot, epoch, count: popularity[positive]!, owned, key })
  }
}

function drawInteractions(spec: SampleSpec, step: number, users: Uint32Array, positives: Uint32Array): void {
  const { interactions, batch, seed } = spec
  const epoch = Math.floor(step / stepsPerEpoch(spec))
  const first = (step - epoch * stepsPerEpoch(spec)) * batch
  const keys = permutationKeys(epoch, keyOfSeed(seed))
  for (let b = 0; b < users.length; b++) {
    const edge = permute(first + b, interactions.columns.length, keys)
    users[b] = rowOfEntry(interactions, edge)
    positives[b] = interactions.columns[edge]!
  }
}

function drawUsers(spec: SampleSpec, step: number, users: Uint32Array, positives: Uint32Array): void {
  const { interactions, batch, seed } = spec
  const key = keyOfSeed(seed)
  const keys = permutationKeys(step, key)
  const active = activeRows(interactions)
  for (let b = 0; b < users.length; b++) {
    const place =
      batch <= active.length
        ? permute(b, active.length, keys)
        : boundedInteger(active.length, step, b, 0, Stream.user, key)
    users[b] = active[place]!
    const owned = rowColumns(interactions, users[b]!)
    positives[b] = owned[boundedInteger(owned.length, step, b, 0, Stream.positive, key)]!
  }
}

/** Rows with at least one entry, ascending. */
function activeRows({ rows, rowPointer }: Csr): number[] {
  const active: number[] = []
  for (let r = 0; r < rows; r++) if (rowPointer[r]! < rowPointer[r + 1]!) active.push(r)
  return active
}

/** The row that holds an entry: the one with rowPointer[row] ≤ entry < rowPointer[row + 1], by bisection. */
function rowOfEntry({ rows, rowPointer }: Csr, entry: number): number {
  let low = 0
  let high = rows - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rowPointer[middle + 1]! > entry) high = middle
    else low = middle + 1
  }
  return low
}
