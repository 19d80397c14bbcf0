import type { ListTotals } from './listTotals.ts'

/** Tail coverage@k: the share of the tail's items that appear in some list (ECOSYSTEM.md §5); 0 without a tail. */
export function tailCoverage({ exposure, popularity }: ListTotals): number {
  const { isHead, headSize } = popularity
  let covered = 0
  for (let item = 0; item < exposure.length; item++) if (exposure[item]! > 0 && isHead[item] === 0) covered++
  return covered / Math.max(1, exposure.length - headSize)
}
