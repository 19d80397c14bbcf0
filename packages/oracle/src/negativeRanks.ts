import type { Sampler } from '@gradrec/engine'

/**
 * The negatives of one positive, as ranks among the items its user lacks.
 *
 * Independent draws take any rank. Distinct ones come from Floyd's algorithm (Bentley & Floyd, "A sample of brilliance", CACM
 * 1987), which draws every set of K out of `left` ranks with the same probability and never tries twice: the bound grows by one
 * from draw to draw, and a rank that is taken gives way to the newest, which no earlier draw could reach.
 *
 * @param left items the user lacks, 1 or more
 * @param draw draw number k below a bound, uniformly
 */
export function negativeRanks(
  left: number,
  { negatives, distinct = false }: Pick<Sampler, 'negatives' | 'distinct'>,
  draw: (bound: number, k: number) => number,
): number[] {
  const ranks: number[] = []
  for (let k = 0; k < negatives; k++) {
    if (!distinct || negatives > left) {
      ranks.push(draw(left, k))
      continue
    }
    const bound = left - negatives + k + 1
    const rank = draw(bound, k)
    ranks.push(ranks.includes(rank) ? bound - 1 : rank)
  }
  return ranks
}
