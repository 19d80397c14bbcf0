import type { ListTotals } from './listTotals.ts'

/**
 * Entropy@k of exposure: −Σ p ln p over items, p being an item's share of all places in all lists (RecBole `shannonentropy`;
 * ECOSYSTEM.md §5). Nats, 0 … ln n.
 */
export function entropy({ exposure, slots }: ListTotals): number {
  let sum = 0
  for (const lists of exposure) if (lists > 0) sum -= (lists / slots) * Math.log(lists / slots)
  // A single item's −1 · ln 1 is −0.
  return sum + 0
}

/** `entropy` / ln n, n items in the catalogue: 0 … 1, comparable between catalogues. 0 for a catalogue of one. */
export function normalisedEntropy(totals: ListTotals): number {
  const n = totals.exposure.length
  return n > 1 ? entropy(totals) / Math.log(n) : 0
}
