import { headOf } from '@gradrec/data'
import type { Matrix } from '@gradrec/engine'
import { DatasetError } from '../errors.ts'
import type { Popularity } from './popularity.ts'
import type { TrainedVectors } from './trainedVectors.ts'

/**
 * How the popular direction Q̄ and the conformity direction P̄ are made: the readings A to D of METHODS.md §2.3. All but the
 * literal one work about equally well on the paper's data.
 */
export interface DirectionOptions {
  /**
   * What is averaged: recorded gradients (Algorithm 1), or the learned embeddings themselves (the paper's prose). Default
   * `recorded`.
   */
  readonly from: 'recorded' | 'learned'
  /**
   * Over which items. `popular`: those with 80 % of the training interactions (default; §IV.C). `all`: all, as Algorithm 1,
   * line 21 prints it; of recorded plain vectors that mean is zero, which makes the subtraction do nothing, with a warning.
   * `popularityWeighted`: all, weighted by training interactions. `positiveOnly`: all, but only the recorded positive part.
   */
  readonly items: 'popular' | 'all' | 'popularityWeighted' | 'positiveOnly'
  /** Over which users: `all` (default; Algorithm 1, line 20), or `active`, those with 80 % of the training interactions. */
  readonly users: 'all' | 'active'
  /**
   * `unit` (default): the mean is brought to length 1, so that a dial of 1 removes exactly the component along it. `raw`: it
   * is taken as it is, which multiplies dials by its squared length. `meanOfUnit`: rows are brought to length 1 before the
   * mean, which is shorter than 1.
   */
  readonly scale: 'unit' | 'raw' | 'meanOfUnit'
}

/** What METHODS.md §2.3 recommends. */
export const RECOMMENDED_DIRECTIONS: DirectionOptions = {
  from: 'recorded',
  items: 'popular',
  users: 'all',
  scale: 'unit',
}

/** The directions that are subtracted at inference, and what can be said about them. */
export interface Directions {
  /** q̂ of d numbers; zeros where the mean cancels. */
  readonly item: Float64Array
  /** p̂ of d numbers; zeros where the mean cancels. */
  readonly user: Float64Array
  /** Lengths of the means before any scaling, relative to the mean length of what was averaged: 0 (it cancels) to 1. */
  readonly coherence: { readonly item: number; readonly user: number }
  /** cos(p̂, q̂): near ±1 the two dials do the same, and only 1 − (1 − αItem)(1 − αUser) matters (METHODS.md §2.2). */
  readonly cosine: number
  /** Sentences for people: a direction that cancels. */
  readonly warnings: readonly string[]
}

/** A mean this much shorter than its members is rounding, not a direction. */
const CANCELS = 1e-3

/**
 * Averages recorded gradients, or embeddings, into the two directions (METHODS.md §2.1 end, §2.3 A–D).
 *
 * @throws DatasetError where recorded gradients are asked for and none were
 */
export function directionsOf(
  trained: TrainedVectors,
  popularity: Popularity,
  options: DirectionOptions = RECOMMENDED_DIRECTIONS,
): Directions {
  const rows = options.from === 'learned' ? trained.embeddings : recordedSums(trained, options.items === 'positiveOnly')
  const item = mean(rows.items, itemWeights(popularity.items, options.items), options.scale)
  const user = mean(rows.users, options.users === 'all' ? undefined : headOf(popularity.users).isMember, options.scale)
  const warnings: string[] = []
  if (item.coherence < CANCELS) {
    warnings.push(
      `the popular direction cancels: the mean over ${options.items} items is ${item.coherence.toExponential(1)} as long as its ` +
        'members, so αItem does nothing; average over popular items instead',
    )
  }
  if (user.coherence < CANCELS) {
    warnings.push(
      `the conformity direction cancels: the mean over ${options.users} users is ${user.coherence.toExponential(1)} as long as its ` +
        'members, so αUser does nothing',
    )
  }
  return {
    item: item.direction,
    user: user.direction,
    coherence: { item: item.coherence, user: user.coherence },
    cosine: cosine(user.direction, item.direction),
    warnings,
  }
}

interface Rows {
  readonly users: Matrix
  readonly items: Matrix
}

/** Positive and negative parts together, or the positive parts of items alone. Users have no other reading. */
function recordedSums({ recorded }: TrainedVectors, itemsPositiveOnly: boolean): Rows {
  if (recorded === undefined) {
    throw new DatasetError(
      'the model has no recorded gradients to make directions of; train with method gradient and recording vector, or take ' +
        'directions from learned embeddings',
    )
  }
  const sum = (a: Matrix, b: Matrix): Matrix => ({ ...a, values: a.values.map((value, n) => value + b.values[n]!) })
  return {
    users: sum(recorded.positive.users, recorded.negative.users),
    items: itemsPositiveOnly ? recorded.positive.items : sum(recorded.positive.items, recorded.negative.items),
  }
}

/** The weight of each item in the mean; `undefined` weighs all alike. */
function itemWeights(counts: Uint32Array, items: DirectionOptions['items']): ArrayLike<number> | undefined {
  if (items === 'popularityWeighted') return counts
  if (items !== 'popular') return undefined
  const head = headOf(counts)
  // With very few items none may come before the one that reaches 80 %: then the most popular one is the head.
  if (head.size > 0) return head.isMember
  const most = counts.reduce((a, b) => Math.max(a, b), 0)
  return counts.map((count) => Number(count === most))
}

function mean(
  { rows, dimension, values }: Matrix,
  weights: ArrayLike<number> | undefined,
  scale: DirectionOptions['scale'],
): { readonly direction: Float64Array; readonly coherence: number } {
  const direction = new Float64Array(dimension)
  let weightSum = 0
  let lengthSum = 0
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1
    if (weight === 0) continue
    const vector = values.subarray(row * dimension, (row + 1) * dimension)
    const rowLength = lengthOf(vector)
    const factor = scale === 'meanOfUnit' ? (rowLength === 0 ? 0 : weight / rowLength) : weight
    for (let f = 0; f < dimension; f++) direction[f]! += factor * vector[f]!
    weightSum += weight
    lengthSum += factor * rowLength
  }
  const length = lengthOf(direction)
  const coherence = lengthSum === 0 ? 0 : length / lengthSum
  // What cancels has the direction of rounding errors: it is no direction, and subtracts nothing.
  const divisor = coherence < CANCELS ? Infinity : scale === 'unit' ? length : weightSum
  return { direction: direction.map((value) => value / divisor), coherence }
}

function lengthOf(vector: ArrayLike<number>): number {
  let sum = 0
  for (let f = 0; f < vector.length; f++) sum += vector[f]! * vector[f]!
  return Math.sqrt(sum)
}

function cosine(a: Float64Array, b: Float64Array): number {
  const lengths = lengthOf(a) * lengthOf(b)
  return lengths === 0 ? 0 : a.reduce((sum, value, f) => sum + value * b[f]!, 0) / lengths
}
