import type { PairwiseObjective, Recording } from '@gradrec/engine'
import { gather } from './gather.ts'
import { pairwise, type Pairwise } from './pairwise.ts'
import type { Samples } from './sampleStep.ts'
import { scatterAdd } from './scatterAdd.ts'
import { tripleRows } from './tripleRows.ts'
import { unitRows } from './userNorm.ts'

/** What a run has recorded: two slots, each (users + items) × dimension. All start at 0. */
export interface Recorded {
  readonly recordedPositive: Float64Array
  readonly recordedNegative: Float64Array
}

export interface RecordOptions {
  readonly users: number
  readonly dimension: number
  readonly objective: PairwiseObjective
  readonly recording: Exclude<Recording, 'none'>
  /** Of this step. */
  readonly learningRate: number
}

/**
 * Records a step, in place (the paper's Algorithm 1, lines 10–12; `Recording`): each triple (u, i, j), with p̂ the user's vector
 * as it was scored and η the learning rate, adds
 *
 *     positive[u] += η w⁺ q_i      positive[i] += η w⁺ p̂_u
 *     negative[u] −= η w⁻ q_j      negative[j] −= η w⁻ p̂_u
 *
 * With `gradient`, w⁺ and w⁻ are the sizes of the triple's loss's derivatives by p̂_u·q_i and p̂_u·q_j.
 *
 * @param final (users + items) × dimension: the vectors that the step scored, users not yet normalised
 */
export function recordStep(recorded: Recorded, final: Float64Array, samples: Samples, options: RecordOptions): void {
  const { users, dimension, objective, recording, learningRate } = options
  const rows = tripleRows(samples, users)
  const K = rows.negatives.length / rows.users.length
  for (const [t, j] of rows.negatives.entries()) {
    const [u, i] = [rows.users[Math.floor(t / K)]!, rows.positives[Math.floor(t / K)]!]
    const raw = gather(final, [u], dimension)
    const user = objective.userNorm === 'unit' ? unitRows(raw, dimension) : raw
    const positive = gather(final, [i], dimension)
    const negative = gather(final, [j], dimension)
    const items = { positive: i - users, negative: j - users }
    const weight =
      recording === 'vector'
        ? { positive: 1, negative: 1 }
        : slopeSizes(pairwise(objective, items, { user: raw, positive, negative }))
    const [up, down] = [learningRate * weight.positive, -learningRate * weight.negative]
    scatterAdd(recorded.recordedPositive, [u], scaled(positive, up), dimension)
    scatterAdd(recorded.recordedPositive, [i], scaled(user, up), dimension)
    scatterAdd(recorded.recordedNegative, [u], scaled(negative, down), dimension)
    scatterAdd(recorded.recordedNegative, [j], scaled(user, down), dimension)
  }
}

/** How strongly the loss of one triple pulls its positive product up, w⁺, and its negative product down, w⁻. */
function slopeSizes({ positiveSlope, negativeSlope }: Pairwise): {
  readonly positive: number
  readonly negative: number
} {
  return { positive: -positiveSlope, negative: negativeSlope }
}

function scaled(vector: Float64Array, by: number): Float64Array {
  return vector.map((value) => by * value)
}
