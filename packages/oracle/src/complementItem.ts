/**
 * The r-th item (counting from 0) that is not among a user's positives: r + c, where c is the number of positives below it,
 * found as the smallest c with c = positives.length or positives[c] − c > r. With r uniform over the items left this draws
 * a negative from exactly the distribution of rejection sampling, without its loop.
 *
 * @param positives ascending and distinct
 * @param r 0 … items − positives.length − 1
 */
export function complementItem(positives: ArrayLike<number>, r: number): number {
  let c = 0
  while (c < positives.length && positives[c]! - c <= r) c++
  return r + c
}
