import { RandomWords } from './randomWords.ts'
import { Draw } from './draws.ts'

export interface PowerLaw {
  /** How many counts: users or items, 1 or more. */
  readonly size: number
  /** Their sum, exactly; from `size` · `least` to `size` · `most`. */
  readonly total: number
  /** How steeply counts fall with rank, 0 (all alike) or more. Zipf's law is 1. */
  readonly exponent: number
  /** Flattens the head: counts fall as (rank + offset)^−exponent, ranks from 1. Default 0. */
  readonly offset?: number
  /** The smallest count. Default 1. */
  readonly least?: number
  /** The largest count. */
  readonly most: number
}

/**
 * Counts by rank, the largest first, that follow a power law (Zipf–Mandelbrot) between two bounds and have a given sum: what lies
 * above or below the bounds is cut, and the rest scaled so that the sum stays.
 *
 * @throws RangeError for a sum that no counts between the bounds have
 */
export function powerLawCounts({ size, total, exponent, offset = 0, least = 1, most }: PowerLaw): Uint32Array {
  if (!(total >= size * least && total <= size * most)) {
    throw new RangeError(
      `${size} counts from ${least} to ${most} cannot have the sum ${total}; expected ${size * least} … ${size * most}`,
    )
  }
  const share = Float64Array.from({ length: size }, (_, rank) => (rank + 1 + offset) ** -exponent)
  const countAt = (scale: number, rank: number): number =>
    Math.max(least, Math.min(most, Math.floor(scale * share[rank]!)))
  const sumAt = (scale: number): number => {
    let sum = 0
    for (let rank = 0; rank < size; rank++) sum += countAt(scale, rank)
    return sum
  }
  // The largest scale whose sum is not above the total: the sum only grows with the scale.
  let low = 0
  let high = (most + 1) / share[size - 1]!
  for (let round = 0; round < 100; round++) {
    const middle = (low + high) / 2
    if (sumAt(middle) > total) high = middle
    else low = middle
  }
  const counts = new Uint32Array(size)
  let missing = total
  for (let rank = 0; rank < size; rank++) missing -= counts[rank] = countAt(low, rank)
  // What rounding down has left over goes to the first ranks with room, one each, as often as it takes.
  while (missing > 0) {
    for (let rank = 0; rank < size && missing > 0; rank++) {
      const isFull = counts[rank] === most
      if (isFull) continue
      counts[rank]!++
      missing--
    }
  }
  return counts
}

/** The same counts in a random order: numbers of users and items say nothing of how often they occur. */
export function shuffledCounts(counts: Uint32Array, seed: number): Uint32Array {
  const shuffled = counts.slice()
  const words = new RandomWords(seed, Draw.order, counts.length)
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = words.below(last + 1)
    const count = shuffled[last]!
    shuffled[last] = shuffled[other]!
    shuffled[other] = count
  }
  return shuffled
}
