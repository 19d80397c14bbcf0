import type { ListTotals } from './listTotals.ts'

/**
 * Gini@k of exposure: Σ_j (2j − n − 1) e_(j) / (n · Σ e), e_(1) ≤ … ≤ e_(n) being in how many lists each item of the whole
 * catalogue is, zeros included: 0 for equal exposure, 1 − 1/n for one item alone. This is RecBole's form (`giniindex`); WarpRec
 * and Elliot divide by n − 1, and Elliot publishes 1 − Gini (ECOSYSTEM.md §5).
 */
export function gini({ exposure, slots }: ListTotals): number {
  if (slots === 0) return 0
  const n = exposure.length
  const ascending = exposure.slice().sort()
  let sum = 0
  for (let j = 0; j < n; j++) sum += (2 * j + 1 - n) * ascending[j]!
  return sum / (n * slots)
}
