import type { ListTotals } from './listTotals.ts'

/** Item coverage@k: the share of the catalogue's items that appear in some list (RecBole `itemcoverage`; ECOSYSTEM.md §5). */
export function itemCoverage({ exposure }: ListTotals): number {
  let covered = 0
  for (const lists of exposure) if (lists > 0) covered++
  return covered / Math.max(1, exposure.length)
}
