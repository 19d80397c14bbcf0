import { metricLabel, METRICS, parseMetricKey, type MetricKey } from '@gradrec/core'
import type { Estimated, PartEvaluation } from '../run/evaluation.ts'
import { alignTable } from './alignTable.ts'
import { count, percent } from './formatNumbers.ts'
import { PART_LABELS } from './partLabels.ts'

/** Every metric with its interval, the parts side by side. */
export function metricsTable(parts: readonly PartEvaluation[]): string {
  const keys = Object.keys(parts[0]?.metrics ?? {}) as MetricKey[]
  return alignTable([
    ['', ...parts.map(({ part }) => PART_LABELS[part])],
    ...keys.map((key) => [labelOf(key), ...parts.map(({ metrics }) => estimateText(metrics[key]))]),
  ])
}

/** The model beside the baselines, the parts below one another. */
export function baselinesTable(parts: readonly PartEvaluation[], k: number): string {
  const keys: readonly MetricKey[] = [`recall@${k}`, `hitRate@${k}`, `ndcg@${k}`, `arp@${k}`, `itemCoverage@${k}`]
  const rowOf = (name: string, valueOf: (key: MetricKey) => number | undefined): string[] => [
    name,
    ...keys.map((key) => {
      const value = valueOf(key)
      return value === undefined ? '–' : numberText(value)
    }),
  ]
  return alignTable(
    parts.flatMap(({ part, metrics, baselines }, n) => [
      ...(n > 0 ? [['']] : []),
      [PART_LABELS[part], ...keys.map(labelOf)],
      ...Object.entries(baselines).map(([name, values]) => rowOf(name, (key) => values[key])),
      rowOf('model', (key) => metrics[key]?.value),
    ]),
  )
}

/** How each group of items by popularity fares, the parts below one another. */
export function groupsTable(parts: readonly PartEvaluation[], k: number): string {
  return alignTable(
    parts.flatMap(({ part, popularityGroups }, n) => [
      ...(n > 0 ? [['']] : []),
      [
        `items by popularity (${PART_LABELS[part]})`,
        'items',
        'share of lists',
        'lists an item',
        `Recall@${k}`,
        'users',
      ],
      ...(popularityGroups[k] ?? []).map(({ items, share, frequency, recall, users }, group) => [
        GROUP_LABELS[group] ?? `group ${group + 1}`,
        count(items),
        percent(share),
        frequency.toFixed(2),
        users === 0 ? '–' : recall.toFixed(4),
        count(users),
      ]),
    ]),
  )
}

const GROUP_LABELS = ['1: most popular 5 %', '2: next 5 %', '3: next 5 %', '4: next 5 %', '5: least popular 80 %']

/** Every metric of two recommenders and how they differ, the parts below one another. */
export function comparisonTable(parts: readonly PartEvaluation[], other: string): string {
  return alignTable(
    parts.flatMap(({ part, comparison = {} }, n) => [
      ...(n > 0 ? [['']] : []),
      [PART_LABELS[part], 'model', other, 'difference', '95 % interval', '', 'effect size'],
      ...(Object.keys(comparison) as MetricKey[]).flatMap((key) => {
        const found = comparison[key]
        if (found === undefined) return []
        const { a, b, difference, interval } = found
        const { low, high } = interval
        return [
          [
            labelOf(key),
            numberText(a),
            numberText(b),
            signed(difference),
            `[${signed(low)}, ${signed(high)}]`,
            low > 0 || high < 0 ? '*' : '',
            found.kind === 'perUser' ? signed(found.effectSize, 2) : '–',
          ],
        ]
      }),
    ]),
  )
}

/** `Gini@20 ↓` for a metric of which less is better. */
function labelOf(key: MetricKey): string {
  return `${metricLabel(key)}${METRICS[parseMetricKey(key).name].better === 'lower' ? ' ↓' : ''}`
}

function estimateText(estimated: Estimated | undefined): string {
  if (estimated === undefined) return '–'
  const { value, low, high } = estimated
  return `${numberText(value)} [${numberText(low)}, ${numberText(high)}]`
}

/** Four decimals for shares, fewer for what is counted. */
function numberText(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size < 10 ? 4 : size < 1000 ? 2 : 1)
}

function signed(value: number, decimals?: number): string {
  const text = decimals === undefined ? numberText(Math.abs(value)) : Math.abs(value).toFixed(decimals)
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`
}
