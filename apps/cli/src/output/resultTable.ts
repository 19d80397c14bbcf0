import { metricLabel, methodOf, parseMetricKey, type MetricKey, type TrainConfig } from '@gradrec/core'
import type { Metrics, PartResults, Results } from '../run/results.ts'
import { alignTable } from './alignTable.ts'
import { describeDials } from './describeDials.ts'
import { count } from './formatNumbers.ts'
import { PART_LABELS } from './partLabels.ts'

/** Rows of the table: what is compared, and its metrics on a part. */
export interface ComparedRow {
  readonly label: string
  metricsOn(part: PartResults): Metrics
}

/** What of a configuration the table speaks of. */
type Compared = Pick<TrainConfig, 'backbone' | 'method'>

/** Most-popular, item-knn, the model, and the model at its dials, where it has any. A method without dials is one with its model. */
export function comparedRows({ parts }: Results, { backbone: { kind: backbone }, method }: Compared): ComparedRow[] {
  const hasDials = Object.keys(methodOf(method).dials).length > 0
  const rows: ComparedRow[] = [
    { label: 'most-popular', metricsOn: (part) => part.mostPopular },
    { label: 'item-knn', metricsOn: (part) => part.itemKnn },
    { label: hasDials ? backbone : `${backbone} ${method.kind}`, metricsOn: (part) => part.before },
  ]
  if (parts.some(({ after }) => after !== undefined)) {
    rows.push({ label: `${backbone} debiased`, metricsOn: (part) => part.after ?? {} })
  }
  return rows
}

/** The metrics that are shown of a part: accuracy of all, popularity and coverage of the first. */
export function shownMetrics({ k, parts }: Results, part: PartResults): MetricKey[] {
  const accuracy: MetricKey[] = [`recall@${k}`, `hitRate@${k}`, `ndcg@${k}`]
  return part === parts[0] ? [...accuracy, `arp@${k}`, `itemCoverage@${k}`] : accuracy
}

/** Before and after debiasing next to the baselines, the parts side by side. */
export function resultTable(results: Results, compared: Compared): string {
  const { k, parts } = results
  if (parts.length === 0) return 'The data set holds nothing out, so there is nothing to compare on.'
  const keysOf = (part: PartResults): MetricKey[] => shownMetrics(results, part)
  const table = alignTable([
    [
      '',
      ...parts.flatMap((part) => [
        PART_LABELS[part.part],
        ...keysOf(part)
          .slice(1)
          .map(() => ''),
      ]),
    ],
    ['', ...parts.flatMap((part) => keysOf(part).map(metricLabel))],
    ...comparedRows(results, compared).map(({ label, metricsOn }) => [
      label,
      ...parts.flatMap((part) => keysOf(part).map((key) => formatMetric(key, metricsOn(part)[key]))),
    ]),
  ])
  return [table, ...footnotes(results, compared), meansNote(results), arpNote(k)].join('\n')
}

/** Popularity is a number of interactions, everything else a share. */
export function formatMetric(key: MetricKey, value: number | undefined): string {
  if (value === undefined) return '–'
  return parseMetricKey(key).name === 'arp' ? value.toFixed(1) : value.toFixed(4)
}

function footnotes({ parts, dials, tuned }: Results, { backbone }: Compared): string[] {
  if (parts.every(({ after }) => after === undefined)) return []
  const same = parts.some(({ part }) => part === tuned?.part) ? ', the part that is shown' : ''
  const how = tuned === undefined ? 'as given' : `tuned on ${PART_LABELS[tuned.part]}${same}`
  return [`${backbone.kind} debiased: ${describeDials(dials)}, ${how}`]
}

function meansNote({ parts, averageOver }: Results): string {
  const who = averageOver === 'allUsers' ? 'users, with and without held-out items' : 'users with held-out items'
  return parts.map(({ part, users }) => `${PART_LABELS[part]}: mean over ${count(users)} ${who}`).join('; ')
}

function arpNote(k: number): string {
  return `ARP@${k}: mean training interactions of listed items; Coverage@${k}: share of the items that anybody gets listed`
}
