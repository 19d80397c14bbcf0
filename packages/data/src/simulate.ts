import {
  csrFromPairs,
  keyOfSeed,
  normalPair,
  permute,
  philox4x32,
  rowColumns,
  Stream,
  type Csr,
  type Key,
} from '@gradrec/engine'
import type { Dataset, GroundTruth } from './dataset.ts'
import { datasetFromParts } from './datasetFromParts.ts'
import { DataOptionError } from './errors.ts'
import { rangeIdMap } from './rangeIdMap.ts'
import { splitIidByUser } from './splits/iidByUser.ts'

export interface SimulationOptions {
  /** 2 or more. Default 1,000. */
  readonly users?: number
  /** 2 or more. Default 600. */
  readonly items?: number
  /** Biased interactions to train on (their number varies by a few per cent, see below). Default 30,000. */
  readonly trainInteractions?: number
  /** Biased interactions held out (the same). Default 3,000. */
  readonly biasedTestInteractions?: number
  /** Intervened interactions for validation, exactly. Default 4,000. */
  readonly validationInteractions?: number
  /** Intervened interactions for the test, exactly. Default 8,000. */
  readonly testInteractions?: number
  /** Width D of the interests, 1 or more. Default 6. */
  readonly interestDimension?: number
  /** How strongly popularity steers exposure, s below, 0 or more. Default 3.5; 0 gives unbiased training data. */
  readonly popularityBias?: number
  /** An integer from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number
}

/** Streams of the simulator's draws. */
const Draw = {
  userInterest: Stream.simulator,
  itemInterest: Stream.simulator + 1,
  userTrait: Stream.simulator + 2,
  itemTrait: Stream.simulator + 3,
  biased: Stream.simulator + 4,
  intervened: Stream.simulator + 5,
  assignment: Stream.simulator + 6,
} as const

/** How sharply interest decides (β), how much quality helps (λ), and the bar that both have to pass (θ). */
const INTEREST_WEIGHT = 4
const QUALITY_WEIGHT = 0.5
const RELEVANCE_BAR = 4
/** Correlation of an item's popularity with its quality (ρ). */
const POPULARITY_FROM_QUALITY = 0.4
/** Standard deviation of the logarithm of user activity. */
const ACTIVITY_SPREAD = 0.6
/** The largest share of all items that one user takes of the biased ones, and that all parts together take of all pairs. */
const MOST_OF_A_CATALOGUE = 0.5

/**
 * A data set drawn from a known model, with popularity bias in what is trained on and none in what is tested on.
 *
 * Interests p_u, q_i are uniform on the unit sphere of R^D. Item quality z_i ~ N(0, 1); item popularity
 * ℓ_i = ρ z_i + √(1 − ρ²) ε_i with ε_i ~ N(0, 1); user activity a_u = exp(0.6 ε_u); user conformity c_u = Φ(ε'_u), uniform in
 * (0, 1). A user likes an item with probability r_ui = σ(β √D p_u·q_i + λ z_i − θ), whichever way it was shown
 * (ρ = 0.4, β = 4, λ = 0.5, θ = 4: about one pair in six).
 *
 * - **Biased interactions** (`train`, `biasedTest`): user u is shown item i in proportion to exp(s c_u ℓ_i), so that
 *   conformists see little but hits, and takes n_u ∝ a_u items without replacement with weights exp(s c_u ℓ_i) r_ui. Of each
 *   user's, a random share is held out as `biasedTest`.
 * - **Intervened interactions** (`validation`, `test`) come afterwards: of the pairs that are left, all are equally likely to
 *   be shown, so pairs are taken without replacement with weights r_ui alone; then they are cut in two at random.
 *
 * Weighted draws without replacement are the largest keys ln w + Gumbel noise. Every draw is Philox at a counter that depends
 * on nothing but what is drawn; the bits of the result may differ between JavaScript engines whose Math.log or Math.exp round
 * differently (V8, so Node and Chrome, agree). `truth` holds p, q, a, c, z and exp(s ℓ) normalised to mean 1.
 *
 * Throws `DataOptionError` for sizes that do not fit the users × items there are.
 */
export async function simulate(options: SimulationOptions = {}): Promise<Dataset> {
  const settings = {
    users: 1000,
    items: 600,
    trainInteractions: 30_000,
    biasedTestInteractions: 3000,
    validationInteractions: 4000,
    testInteractions: 8000,
    interestDimension: 6,
    popularityBias: 3.5,
    seed: 0,
    ...options,
  }
  checkSettings(settings)
  const key = keyOfSeed(settings.seed)
  const world = drawWorld(settings, key)
  const { trainInteractions, biasedTestInteractions } = settings
  const biased = drawBiased(settings, world, trainInteractions + biasedTestInteractions, key)
  const heldOut = splitIidByUser(biased, {
    validation: 0,
    test: biasedTestInteractions / (trainInteractions + biasedTestInteractions),
    seed: settings.seed,
  })
  const { validation, test } = cutInTwo(drawIntervened(settings, world, biased, key), settings, key)
  return datasetFromParts({
    name: 'simulated',
    users: rangeIdMap(settings.users),
    items: rangeIdMap(settings.items),
    parts: {
      train: heldOut.train,
      ...(validation.columns.length > 0 && { validation }),
      ...(test.columns.length > 0 && { test }),
      ...(heldOut.test.columns.length > 0 && { biasedTest: heldOut.test }),
    },
    protocol:
      `Simulated with seed ${settings.seed}: training interactions come from exposure biased towards popular items, ` +
      'validation and test from uniform exposure, the biased test from the same exposure as training.',
    truth: world.truth,
  })
}

type Settings = Required<SimulationOptions>

interface World {
  readonly truth: GroundTruth
  /** ln r_ui, users × items. */
  readonly logRelevance: Float64Array
  /** ℓ_i. */
  readonly logPopularity: Float64Array
}

function checkSettings(settings: Settings): void {
  const whole = (name: keyof Settings, least: number): void => {
    const value = settings[name]
    if (Number.isSafeInteger(value) && value >= least) return
    throw new DataOptionError(`simulate: ${name} is ${value}; expected a whole number, ${least} or more`)
  }
  for (const name of ['users', 'items'] as const) whole(name, 2)
  for (const name of ['trainInteractions', 'interestDimension'] as const) whole(name, 1)
  for (const name of ['biasedTestInteractions', 'validationInteractions', 'testInteractions', 'seed'] as const) {
    whole(name, 0)
  }
  if (!(Number.isFinite(settings.popularityBias) && settings.popularityBias >= 0)) {
    throw new DataOptionError(`simulate: popularityBias is ${settings.popularityBias}; expected a number, 0 or more`)
  }
  const { users, items, trainInteractions, biasedTestInteractions, validationInteractions, testInteractions } = settings
  const wanted = trainInteractions + biasedTestInteractions + validationInteractions + testInteractions
  if (wanted > Math.floor(items * MOST_OF_A_CATALOGUE) * users) {
    throw new DataOptionError(
      `simulate: ${wanted} interactions are wanted of ${users} users × ${items} items; expected at most half of ` +
        'the pairs: ask for fewer interactions, or for more users or items',
    )
  }
}

function drawWorld(settings: Settings, key: Key): World {
  const { users, items, interestDimension: dimension, popularityBias } = settings
  const userInterests = unitVectors(users, dimension, Draw.userInterest, key)
  const itemInterests = unitVectors(items, dimension, Draw.itemInterest, key)
  const userActivity = new Float32Array(users)
  const userConformity = new Float32Array(users)
  for (let user = 0; user < users; user++) {
    const [activity, conformity] = normalPair(user, 0, 0, Draw.userTrait, key)
    userActivity[user] = Math.exp(ACTIVITY_SPREAD * activity)
    userConformity[user] = normalShare(conformity)
  }
  const itemQuality = new Float32Array(items)
  const itemPopularity = new Float32Array(items)
  const logPopularity = new Float64Array(items)
  let sum = 0
  for (let item = 0; item < items; item++) {
    const [quality, chance] = normalPair(item, 0, 0, Draw.itemTrait, key)
    itemQuality[item] = quality
    const rest = Math.sqrt(1 - POPULARITY_FROM_QUALITY * POPULARITY_FROM_QUALITY)
    logPopularity[item] = POPULARITY_FROM_QUALITY * quality + rest * chance
    sum += Math.exp(popularityBias * logPopularity[item]!)
  }
  for (let item = 0; item < items; item++) {
    itemPopularity[item] = (Math.exp(popularityBias * logPopularity[item]!) * items) / sum
  }
  const logRelevance = new Float64Array(users * items)
  const scale = INTEREST_WEIGHT * Math.sqrt(dimension)
  for (let user = 0; user < users; user++) {
    for (let item = 0; item < items; item++) {
      let match = 0
      for (let d = 0; d < dimension; d++) {
        match += userInterests[user * dimension + d]! * itemInterests[item * dimension + d]!
      }
      const logit = scale * match + QUALITY_WEIGHT * itemQuality[item]! - RELEVANCE_BAR
      logRelevance[user * items + item] = -Math.log1p(Math.exp(-logit))
    }
  }
  const truth = { userInterests, itemInterests, userActivity, userConformity, itemQuality, itemPopularity }
  return { truth: { interestDimension: dimension, ...truth }, logRelevance, logPopularity }
}

/** For each user the items with the largest keys ln r_ui + s c_u ℓ_i + Gumbel. */
function drawBiased(settings: Settings, world: World, total: number, key: Key): Csr {
  const { users, items, popularityBias } = settings
  const counts = shareOut(total, world.truth.userActivity, Math.floor(items * MOST_OF_A_CATALOGUE))
  const user = new Uint32Array(total)
  const item = new Uint32Array(total)
  const noise = new Float64Array(items)
  const keys = new Float64Array(items)
  let at = 0
  for (let u = 0; u < users; u++) {
    gumbelRow(noise, u, Draw.biased, key)
    const pull = popularityBias * world.truth.userConformity[u]!
    for (let i = 0; i < items; i++) {
      keys[i] = world.logRelevance[u * items + i]! + pull * world.logPopularity[i]! + noise[i]!
    }
    for (const i of largest(keys, counts[u]!)) {
      user[at] = u
      item[at++] = i
    }
  }
  return csrFromPairs(user, item, users, items)
}

/** The pairs with the largest keys ln r_ui + Gumbel over all pairs but the biased ones, as user · items + item, ascending. */
function drawIntervened(settings: Settings, world: World, biased: Csr, key: Key): Uint32Array {
  const { users, items, validationInteractions, testInteractions } = settings
  const keys = new Float64Array(users * items)
  const noise = new Float64Array(items)
  for (let u = 0; u < users; u++) {
    gumbelRow(noise, u, Draw.intervened, key)
    for (let i = 0; i < items; i++) keys[u * items + i] = world.logRelevance[u * items + i]! + noise[i]!
    for (const i of rowColumns(biased, u)) keys[u * items + i] = -Infinity
  }
  return largest(keys, validationInteractions + testInteractions)
}

/** Deals the intervened pairs out to validation and test by a keyed permutation. */
function cutInTwo(pairs: Uint32Array, settings: Settings, key: Key): { readonly validation: Csr; readonly test: Csr } {
  const { users, items, validationInteractions } = settings
  const roundKeys = philox4x32([0, 0, 0, Draw.assignment], key)
  const part = (isValidation: boolean): Csr => {
    const chosen = pairs.filter((_, p) => permute(p, pairs.length, roundKeys) < validationInteractions === isValidation)
    const user = chosen.map((pair) => Math.floor(pair / items))
    return csrFromPairs(
      user,
      chosen.map((pair) => pair % items),
      users,
      items,
    )
  }
  return { validation: part(true), test: part(false) }
}

/** The positions of the `count` largest keys, ascending by position; ties go to the lower position. */
function largest(keys: Float64Array, count: number): Uint32Array {
  const chosen = new Uint32Array(count)
  if (count === 0) return chosen
  const threshold = keys.slice().sort()[keys.length - count]!
  let above = 0
  for (const value of keys) if (value > threshold) above++
  let ties = count - above
  let at = 0
  for (let p = 0; p < keys.length; p++) {
    if (keys[p]! > threshold || (keys[p] === threshold && ties-- > 0)) chosen[at++] = p
  }
  return chosen
}

/** Whole numbers that add up to `total`, in proportion to the weights, each at most `most`. */
function shareOut(total: number, weights: Float32Array, most: number): Uint32Array {
  const sum = weights.reduce((a, b) => a + b, 0)
  const counts = Uint32Array.from(weights, (weight) => Math.min(most, Math.floor((total * weight) / sum)))
  let left = total - counts.reduce((a, b) => a + b, 0)
  for (let u = 0; left > 0; u = (u + 1) % counts.length) {
    if (counts[u]! >= most) continue
    counts[u]!++
    left--
  }
  return counts
}

/** Standard Gumbel noise for a user's row: item i takes word i mod 4 of the counter (user, ⌊i / 4⌋). */
function gumbelRow(noise: Float64Array, user: number, stream: number, key: Key): void {
  for (let block = 0; block * 4 < noise.length; block++) {
    const words = philox4x32([user, block, 0, stream], key)
    for (let w = 0; w < 4 && block * 4 + w < noise.length; w++) {
      noise[block * 4 + w] = -Math.log(-Math.log((words[w]! + 0.5) / 4294967296))
    }
  }
}

function unitVectors(rows: number, dimension: number, stream: number, key: Key): Float32Array {
  const values = new Float32Array(rows * dimension)
  for (let row = 0; row < rows; row++) {
    let squares = 0
    for (let d = 0; d < dimension; d++) {
      const value = normalPair(row, d >>> 1, 0, stream, key)[d & 1]!
      values[row * dimension + d] = value
      squares += value * value
    }
    const length = Math.sqrt(squares)
    for (let d = 0; d < dimension; d++) values[row * dimension + d]! /= length
  }
  return values
}

/** Φ, the share of a standard normal below x, by the logistic curve 1 / (1 + exp(−1.702 x)): within 0.01 of it. */
function normalShare(x: number): number {
  return 1 / (1 + Math.exp(-1.702 * x))
}
