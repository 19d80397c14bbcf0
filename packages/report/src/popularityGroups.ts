import * as Plot from '@observablehq/plot'
import { compact } from './formatNumber.ts'
import { figureSvg } from './figure.ts'
import { seriesColour } from './theme.ts'

export interface GroupValue {
  /** `1` for the most popular items, as the paper numbers them, or any other name. */
  readonly group: string
  readonly model: string
  readonly value: number
  /** A confidence interval around the value. */
  readonly interval?: readonly [low: number, high: number]
}

export interface PopularityGroups {
  /** Data set, and what the groups are. */
  readonly title: string
  /** What the bars measure: `Recall@20` or `recommendations`. */
  readonly measure: string
  /** Groups and models are shown in the order in which they first appear. */
  readonly values: readonly GroupValue[]
}

const WIDTH = 680
const HEIGHT = 320
/** A bar at least this wide, in pixels, has its number above it. */
const LABELLED_BAR = 30

/** The paper's Figs. 5 and 6: bars of several models side by side for each group of items by popularity. */
export function popularityGroups({ title, measure, values }: PopularityGroups): string {
  const models = [...new Set(values.map(({ model }) => model))]
  const groups = [...new Set(values.map(({ group }) => group))]
  const bars = values.filter(({ value }) => Number.isFinite(value))
  const intervals = bars.flatMap(({ interval, ...bar }) => (interval === undefined ? [] : [{ ...bar, interval }]))
  const place = { fx: 'group', x: 'model' }
  const barWidth = (WIDTH - 120) / Math.max(1, groups.length * (models.length + 0.6))
  const colour = ({ model }: { readonly model: string }): string => seriesColour(models.indexOf(model))
  const top = ({ value, interval }: GroupValue): number => Math.max(value, interval?.[1] ?? value)
  return figureSvg({
    title,
    subtitle: [`${measure} by item popularity${intervals.length > 0 ? '; whiskers: confidence intervals' : ''}`],
    description: `Bars of ${measure} for ${models.join(', ')} in ${groups.length} groups of items.`,
    legend: models.map((label, n) => ({ label, colour: seriesColour(n) })),
    width: WIDTH,
    panels: [
      {
        height: HEIGHT,
        marginLeft: 60,
        marginRight: 24,
        marginTop: 30,
        marginBottom: 44,
        x: { type: 'band', domain: models, axis: null, padding: 0.08 },
        fx: { type: 'band', domain: groups, padding: 0.16, label: null },
        y: { label: null, nice: true, zero: true },
        marks: [
          Plot.gridY({ ticks: 5 }),
          Plot.axisY({
            ticks: 5,
            tickSize: 0,
            label: measure,
            labelAnchor: 'top',
            labelArrow: 'none',
            labelOffset: 56,
            tickFormat: compact,
          }),
          Plot.axisFx({
            anchor: 'bottom',
            label: 'group of items, most popular first',
            labelAnchor: 'center',
            labelOffset: 40,
          }),
          Plot.barY(bars, {
            ...place,
            y: 'value',
            fill: colour,
            title: ({ group, model, value }: GroupValue) => `${model}, group ${group}: ${compact(value)}`,
          }),
          Plot.ruleX(intervals, {
            ...place,
            y1: ({ interval }: { readonly interval: readonly number[] }) => interval[0],
            y2: ({ interval }: { readonly interval: readonly number[] }) => interval[1],
            stroke: 'currentColor',
            strokeWidth: 1.5,
            className: 'interval',
          }),
          barWidth >= LABELLED_BAR
            ? Plot.text(bars, {
                ...place,
                y: top,
                text: ({ value }: GroupValue) => shortest(value),
                dy: -8,
                fontSize: 11,
                fill: 'currentColor',
              })
            : null,
          Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.6 }),
        ],
      },
    ],
  })
}

/** What fits above a bar: 0.0882 → `.088`, 123456 → `123k`. */
function shortest(value: number): string {
  return Math.abs(value) < 1 ? value.toFixed(3).replace('0.', '.') : compact(value)
}
