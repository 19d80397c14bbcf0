import { METRICS, metricLabel, methodOf, parseMetricKey, type MetricKey, type Model } from '@gradrec/core'
import { htmlReport, lossCurve, type ReportBlock, type ResultTable } from '@gradrec/report'
import type { Results } from '../run/results.ts'
import { describeDials } from './describeDials.ts'
import { dialSurface } from './dialSurface.ts'
import { dialTable } from './dialTable.ts'
import { PART_LABELS } from './partLabels.ts'
import { comparedRows } from './resultTable.ts'

export interface ReportedRun {
  /** The run's folder. */
  readonly name: string
  readonly model: Model
  readonly results: Results
  /** What was run on what, in the order they are shown. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** As in `config.json`. */
  readonly settings: object
}

/** A run as one page: what was run, before and after debiasing, the grid of the dials, the curve of training. */
export function reportPage({ name, model, results, facts, settings }: ReportedRun): string {
  const debiasing = dialBlocks(model, results)
  return htmlReport({
    title: name,
    facts,
    sections: [
      { title: 'Results', blocks: tableBlocks(model, results) },
      ...(debiasing.length > 0 ? [{ title: 'Debiasing', blocks: debiasing }] : []),
      { title: 'Training', blocks: curveBlocks(model) },
      { title: 'Settings', blocks: [{ kind: 'code', code: JSON.stringify(settings, undefined, 2) }] },
    ],
  })
}

/** A table for each part, with all metrics. */
function tableBlocks(model: Model, results: Results): ReportBlock[] {
  if (results.parts.length === 0) return [{ kind: 'text', text: 'The data set holds nothing out.' }]
  const rows = comparedRows(results, model.config)
  return results.parts.map((part): ReportBlock => {
    const keys = Object.keys(part.before) as MetricKey[]
    const table: ResultTable = {
      columns: rows.map(({ label }) => ({ label })),
      rowTitle: PART_LABELS[part.part],
      rows: keys.map((key) => ({
        label: `${metricLabel(key)}${METRICS[parseMetricKey(key).name].better === 'lower' ? ' ↓' : ''}`,
        values: Object.fromEntries(rows.map(({ label, metricsOn }) => [label, { value: metricsOn(part)[key] ?? NaN }])),
      })),
    }
    const caption = `Means over ${part.users.toLocaleString('en-US')} users. ↓: lower is better, or less biased.`
    return { kind: 'table', table, caption }
  })
}

/** The metric the dials were tuned by over the whole grid, where they were tuned. */
function dialBlocks(model: Model, { tuned, dials }: Results): ReportBlock[] {
  if (Object.keys(methodOf(model.config.method).dials).length === 0) return []
  const text = `The model’s dials: ${describeDials(dials)}.`
  if (tuned === undefined) return [{ kind: 'text', text }]
  const svg = dialSurface(model, tuned)
  return [
    { kind: 'text', text: `${text} They rank the ${PART_LABELS[tuned.part]} part best.` },
    svg === undefined
      ? { kind: 'code', code: dialTable({ ...tuned, best: { dials } }, false) }
      : { kind: 'figure', svg },
  ]
}

function curveBlocks({ history, config, dataset }: Model): ReportBlock[] {
  if (history.length === 0) return [{ kind: 'text', text: 'Training was stopped before its first epoch was over.' }]
  const svg = lossCurve({
    title: `${dataset}, ${config.backbone.kind}`,
    metric: metricLabel(config.watch),
    epochs: history.map(({ epoch, loss, validation }) => {
      const value = validation?.[config.watch]
      return { epoch, loss, ...(value !== undefined && { validation: value }) }
    }),
  })
  return [{ kind: 'figure', svg }]
}
