import { keyOfSeed, philoxWords, Stream, type Key } from '@gradrec/engine'

/** P(X = x) of the Poisson distribution with mean 1; beyond, all together, below 2^-32. */
const PROBABILITIES: readonly number[] = poissonProbabilities(12)

/** Bytes out of 256 that stand for each weight, rounded down. */
const BYTES: readonly number[] = PROBABILITIES.map((p) => Math.floor(256 * p))

/** Says that a byte decides nothing and a word has to. */
const UNDECIDED = 255

/** The weight each byte stands for: all but three in 256 draws need no more than this. */
const WEIGHT_OF_BYTE: Uint8Array = weightOfByte()

/** Where the words that decide the rest end, weight by weight: shares of what rounding down left over. */
const REST_ENDS: readonly number[] = restEnds()

/**
 * Weights of bootstrap resamples: how often each user counts, independent draws from the Poisson distribution with mean 1. Divided
 * by their sum they are the multinomial weights of drawing as many users with replacement, but for the number of draws being
 * random, which changes intervals by O(1/users) (Hanley & MacGibbon 2006; Chamandy et al. 2012). They cost a random byte a user,
 * where drawing users costs a word and a walk through memory.
 *
 * The weight of user n in resample r comes from byte n of the Philox blocks [·, r, 2 · attempt, bootstrap]; about one in a hundred
 * is decided by the first word of [n, r, 2 · attempt + 1, bootstrap]. Same seed and number of users: same weights.
 */
export class BootstrapWeights {
  /** Overwritten by `draw`. */
  readonly weights: Uint8Array
  readonly #key: Key
  readonly #words: Uint32Array
  readonly #block = new Uint32Array(4)

  /** @param seed an integer from 0 to 2^53 − 1 */
  constructor(users: number, seed: number) {
    this.weights = new Uint8Array(users)
    this.#words = new Uint32Array(4 * Math.ceil(users / 16))
    this.#key = keyOfSeed(seed)
  }

  /** Fills `weights` for a resample and returns their sum. One that drew nobody is drawn again. */
  draw(resample: number): number {
    const { weights } = this
    for (let attempt = 0; ; attempt++) {
      philoxWords(this.#words, 0, resample, 2 * attempt, Stream.bootstrap, this.#key)
      let sum = 0
      for (let n = 0; n < weights.length; n++) {
        // Bytes by shifts, not by a view, so that the order of bytes is the same on every machine.
        let weight = WEIGHT_OF_BYTE[(this.#words[n >>> 2]! >>> (8 * (n & 3))) & 255]!
        if (weight === UNDECIDED) weight = this.#decide(n, resample, attempt)
        weights[n] = weight
        sum += weight
      }
      if (sum > 0 || weights.length === 0) return sum
    }
  }

  #decide(user: number, resample: number, attempt: number): number {
    philoxWords(this.#block, user, resample, 2 * attempt + 1, Stream.bootstrap, this.#key)
    const word = this.#block[0]!
    const weight = REST_ENDS.findIndex((end) => word < end)
    return weight === -1 ? REST_ENDS.length - 1 : weight
  }
}

function poissonProbabilities(most: number): number[] {
  const probabilities = [Math.exp(-1)]
  for (let x = 1; x <= most; x++) probabilities.push(probabilities[x - 1]! / x)
  return probabilities
}

function weightOfByte(): Uint8Array {
  const weights = new Uint8Array(256).fill(UNDECIDED)
  let begin = 0
  BYTES.forEach((bytes, weight) => {
    weights.fill(weight, begin, begin + bytes)
    begin += bytes
  })
  return weights
}

function restEnds(): number[] {
  const rests = PROBABILITIES.map((p, weight) => 256 * p - BYTES[weight]!)
  const total = rests.reduce((sum, rest) => sum + rest, 0)
  let end = 0
  return rests.map((rest) => (end += rest) * (4294967296 / total))
}
