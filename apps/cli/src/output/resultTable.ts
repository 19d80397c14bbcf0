import { METRIC_NAMES, metricLabel, type MetricKey } from '@gradrec/core'
import type { Metrics, PartResults, Results } from '../run/results.ts'
import { alignTable } from './alignTable.ts'
import { count } from './formatNumbers.ts'

const PART_LABELS: Record<PartResults['part'], string> = {
  validation: 'validation',
  test: 'test',
  biasedTest: 'biased test',
}

/** Metrics of most-popular and the model, the parts side by side. */
export function resultTable(results: Results, backbone: string): string {
  if (results.parts.length === 0) return 'The data set holds nothing out, so there is nothing to compare on.'
  const keys: MetricKey[] = METRIC_NAMES.map((name) => `${name}@${results.k}` as const)
  const cells = (pick: (part: PartResults) => Metrics): string[] =>
    results.parts.flatMap((part) => keys.map((key) => (pick(part)[key] ?? 0).toFixed(4)))
  const table = alignTable([
    ['', ...results.parts.flatMap(({ part }) => [PART_LABELS[part], ...keys.slice(1).map(() => '')])],
    ['', ...results.parts.flatMap(() => keys.map(metricLabel))],
    ['most-popular', ...cells((part) => part.mostPopular)],
    [backbone, ...cells((part) => part.model)],
  ])
  const who =
    results.averageOver === 'allUsers' ? 'users, with and without held-out items' : 'users with held-out items'
  const means = results.parts.map(({ part, users }) => `${PART_LABELS[part]}: mean over ${count(users)} ${who}`)
  return `${table}\n${means.join('; ')}`
}
