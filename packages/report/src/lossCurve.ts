import * as Plot from '@observablehq/plot'
import { count, fixed } from './formatNumber.ts'
import { figureSvg } from './figure.ts'
import { seriesColour } from './theme.ts'

export interface TrainedEpoch {
  /** From 1. */
  readonly epoch: number
  /** Mean over the epoch's triples. */
  readonly loss: number
  /** The watched metric, where the epoch was validated. */
  readonly validation?: number
}

export interface TrainingHistory {
  /** Data set and model. */
  readonly title: string
  /** What was watched, as people write it: `Recall@20`. */
  readonly metric: string
  /** In any order. */
  readonly epochs: readonly TrainedEpoch[]
}

const WIDTH = 680
const PANEL_HEIGHT = 200
/** With no more points than this, each is a dot on the line. */
const MOST_DOTS = 40

/** Training loss by epoch and, below it on the same scale, the validation metric with its best epoch. */
export function lossCurve(history: TrainingHistory): string {
  const epochs = history.epochs.filter(({ loss }) => Number.isFinite(loss)).sort((a, b) => a.epoch - b.epoch)
  const validated = epochs.flatMap(({ epoch, validation }) =>
    validation !== undefined && Number.isFinite(validation) ? [{ epoch, validation }] : [],
  )
  const best = validated.reduce<{ readonly epoch: number; readonly validation: number } | undefined>(
    (kept, each) => (kept === undefined || each.validation > kept.validation ? each : kept),
    undefined,
  )
  const [first, last] = [epochs[0]?.epoch ?? 1, Math.max(2, epochs.at(-1)?.epoch ?? 2)]
  const panel = (label: string, marks: Plot.Markish[], xLabel: string | null): Plot.PlotOptions => ({
    height: xLabel === null ? PANEL_HEIGHT : PANEL_HEIGHT + 20,
    marginLeft: 60,
    marginRight: 24,
    marginBottom: xLabel === null ? 22 : 42,
    marginTop: 26,
    x: { domain: [Math.min(first, last - 1), last], label: null },
    y: { label: null, nice: true },
    marks: [
      Plot.gridY({ ticks: 5 }),
      Plot.axisY({ ticks: 5, tickSize: 0, label, labelAnchor: 'top', labelArrow: 'none', labelOffset: 56 }),
      Plot.axisX({
        // So few that none falls between two epochs.
        ticks: Math.min(8, last - first),
        tickFormat: count,
        label: xLabel,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 38,
      }),
      ...marks,
    ],
  })
  const curve = (data: readonly { readonly epoch: number }[], y: string, n: number): Plot.Markish[] => [
    Plot.lineY(data, { x: 'epoch', y, stroke: seriesColour(n), strokeWidth: 2 }),
    data.length <= MOST_DOTS ? Plot.dot(data, { x: 'epoch', y, fill: seriesColour(n), r: 2.5 }) : null,
  ]
  const lossMarks = curve(epochs, 'loss', 0)
  const subtitle =
    best === undefined
      ? `${epochs.length} epochs, none validated`
      : `${epochs.length} epochs; best ${history.metric} ${fixed(best.validation, 4)} at epoch ${best.epoch}`
  const bestMarks =
    best === undefined
      ? []
      : [
          Plot.ruleX([best], { x: 'epoch', stroke: 'currentColor', strokeDasharray: '3,3', strokeOpacity: 0.6 }),
          Plot.dot([best], { x: 'epoch', y: 'validation', r: 5, stroke: seriesColour(1), strokeWidth: 2.5 }),
        ]
  return figureSvg({
    title: history.title,
    subtitle: [subtitle],
    description: `Line chart of training loss and validation ${history.metric} by epoch: ${subtitle}.`,
    width: WIDTH,
    panels:
      best === undefined
        ? [panel('training loss', lossMarks, 'epoch')]
        : [
            panel('training loss', lossMarks, null),
            panel(`validation ${history.metric}`, [...curve(validated, 'validation', 1), ...bestMarks], 'epoch'),
          ],
  })
}
