import { ConfigError } from '../errors.ts'
import { plainInference } from './inference.ts'
import { choice, number, type Method } from './method.ts'

export interface IpsOptions {
  readonly weights: 'cappedNormalised' | 'capped' | 'normalised' | 'raw' | 'dividedScores'
  /** 0 … 10. */
  readonly smoothness: number
}

/**
 * Inverse propensity weighting: what is rare counts more. `cappedNormalised` is DICE's (METHODS.md §3.4): the weight of a
 * positive i with c_i training interactions is w_i = max(c) / max(1, c_i), cut off at the median over items, raised to
 * `smoothness`, divided by the largest. `capped`, `normalised` and `raw` leave out one of the two, or both. `dividedScores` is
 * MACR's (§4.4): not losses are weighed but scores divided by π_i = ((c_i + 1) / (users + 1))^smoothness, of positives and negatives.
 */
export const ips: Method<'ips', IpsOptions> = {
  kind: 'ips',
  summary: 'inverse propensity weights (Schnabel et al., ICML 2016, as DICE’s authors use them)',
  options: {
    weights: choice(
      ['cappedNormalised', 'capped', 'normalised', 'raw', 'dividedScores'],
      'what inverse popularity weighs, and how it is tamed',
    ),
    smoothness: number(1, 'power that weights are raised to', 0, 10),
  },
  dials: {},
  training: ({ weights, smoothness }, { loss, l2, popularity }) => {
    if (weights === 'dividedScores') {
      const users = popularity.users.length
      const scoreFactors = Float32Array.from(popularity.items, (count) => ((users + 1) / (count + 1)) ** smoothness)
      refuseOverflow(scoreFactors, smoothness)
      return { objective: { kind: loss, l2, scoreFactors } }
    }
    const isCapped = weights === 'cappedNormalised' || weights === 'capped'
    const isNormalised = weights === 'cappedNormalised' || weights === 'normalised'
    return {
      objective: { kind: loss, l2, lossWeights: inverse(popularity.items, isCapped, isNormalised, smoothness) },
    }
  },
  inference: (_, { embeddings }) => plainInference(embeddings),
}

function inverse(counts: Uint32Array, isCapped: boolean, isNormalised: boolean, smoothness: number): Float32Array {
  const most = counts.reduce((a, b) => Math.max(a, b), 1)
  const raw = Float64Array.from(counts, (count) => most / Math.max(1, count))
  const cap = isCapped ? median(raw) : Infinity
  const smooth = raw.map((weight) => Math.min(weight, cap) ** smoothness)
  const largest = isNormalised ? smooth.reduce((a, b) => Math.max(a, b), 0) : 1
  const weights = Float32Array.from(smooth, (weight) => weight / largest)
  refuseOverflow(weights, smoothness)
  return weights
}

/** Adam squares gradients, which weights multiply: beyond this, squares leave float32. */
const LARGEST_WEIGHT = 1e18

/** Weights that large, or none above 0, would train nothing but infinities, or nothing. */
function refuseOverflow(weights: Float32Array, smoothness: number): void {
  if (weights.every((weight) => weight <= LARGEST_WEIGHT) && weights.some((weight) => weight > 0)) return
  throw new ConfigError(
    'smoothness',
    smoothness,
    'a smaller one: with it weights, or their squares, leave the numbers that float32 has',
  )
}

function median(values: Float64Array): number {
  const sorted = values.toSorted()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
