import type { SplitDescription } from '@gradrec/data'
import { alignTable } from './alignTable.ts'
import { count, percent } from './formatNumbers.ts'

const LABELS: Readonly<Record<string, string>> = {
  train: 'train',
  intervenedTrain: '  of it intervened',
  validation: 'validation',
  test: 'test',
  biasedTest: 'biased test',
}

/** The parts of a split, one a line. Shares are of the parts together; an intervened training part is inside the training. */
export function splitTable({ parts }: SplitDescription): string {
  const rows = Object.entries(parts)
  const total = rows.reduce((sum, [part, { interactions }]) => sum + (part === 'intervenedTrain' ? 0 : interactions), 0)
  return alignTable([
    ['', 'interactions', 'share', 'users', 'items', 'Gini'],
    ...rows.map(([part, { interactions, users, items, gini }]) => [
      LABELS[part] ?? part,
      count(interactions),
      percent(interactions / total),
      count(users),
      count(items),
      gini.toFixed(3),
    ]),
  ])
}
