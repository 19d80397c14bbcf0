import type { Repair } from '../dataset.ts'
import { DataOptionError, EmptyDataError } from '../errors.ts'
import type { Interactions } from '../interactions.ts'
import { countRepair } from '../repair.ts'

/**
 * Positions of the interactions rated at least `minimumRating`, or of all where it is undefined; what falls below is counted.
 *
 * Throws `DataOptionError` for a threshold that is no number or on a file without ratings, `EmptyDataError` where nothing
 * reaches it.
 */
export function reachingRating(
  interactions: Interactions,
  minimumRating: number | undefined,
  repairs: Repair[],
): Uint32Array {
  const { source, rating } = interactions
  const all = Uint32Array.from({ length: interactions.user.length }, (_, k) => k)
  if (minimumRating === undefined) return all
  if (!Number.isFinite(minimumRating)) {
    throw new DataOptionError(`minimumRating is ${minimumRating}; expected a number`)
  }
  if (rating === undefined) {
    throw new DataOptionError(
      `${source} has no ratings, so a rating threshold of ${minimumRating} means nothing; leave the threshold out, ` +
        'or name the rating column',
    )
  }
  // Ratings are float32: a threshold such as 3.3 has to be rounded as they were.
  const threshold = Math.fround(minimumRating)
  const kept = all.filter((k) => rating[k]! >= threshold)
  countRepair(repairs, 'below-rating', all.length - kept.length, source)
  if (kept.length === 0) {
    throw new EmptyDataError(`${source}: no rating reaches ${minimumRating}; expected at least one that does`)
  }
  return kept
}
