/**
 * PD's m^γ of every item (METHODS.md §10), above 0, at most 1: m is (c_i + 1) / (Σ c + items), brought to 0 … 1 by its least and
 * largest, which is (c_i − least) / (largest − least). Because a factor has to be above 0, what would be 0 is half the next one; items
 * that are all as popular have 1.
 *
 * @param counts training interactions of each item
 * @param gamma γ, 0 or more
 */
export function normalisedPopularity(counts: Uint32Array, gamma: number): Float32Array {
  const least = counts.reduce((a, b) => Math.min(a, b), Infinity)
  const span = counts.reduce((a, b) => Math.max(a, b), 0) - least
  if (span === 0) return new Float32Array(counts.length).fill(1)
  const next = counts.reduce((a, b) => (b > least ? Math.min(a, b) : a), Infinity) - least
  return Float32Array.from(counts, (count) => ((count === least ? next / 2 : count - least) / span) ** gamma)
}
