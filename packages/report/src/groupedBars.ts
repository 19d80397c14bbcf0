import * as Plot from '@observablehq/plot'
import { compact } from './formatNumber.ts'
import { figureSvg } from './figure.ts'
import { seriesColour } from './theme.ts'

export interface BarValue {
  readonly group: string
  readonly model: string
  readonly value: number
  /** A confidence interval around the value. */
  readonly interval?: readonly [low: number, high: number]
}

export interface GroupedBars {
  /** Data set, and what the groups are. */
  readonly title: string
  /** What the bars measure: `Recall@20` or `recommendations`. */
  readonly measure: string
  /** A line below the title; a word on whiskers is added where there are any. */
  readonly subtitle: string
  /** Below the groups: what they are. */
  readonly axis: string
  /** What the figure shows, for people who cannot see it. */
  readonly description: string
  /** Groups and models are shown in the order in which they first appear. */
  readonly values: readonly BarValue[]
}

const WIDTH = 680
const HEIGHT = 320
/** A bar at least this wide, in pixels, has its number above it. */
const LABELLED_BAR = 30

/** Bars of several models side by side for each of some groups. */
export function groupedBars({ title, measure, subtitle, axis, description, values }: GroupedBars): string {
  const models = [...new Set(values.map(({ model }) => model))]
  const groups = [...new Set(values.map(({ group }) => group))]
  const bars = values.filter(({ value }) => Number.isFinite(value))
  const intervals = bars.flatMap(({ interval, ...bar }) => (interval === undefined ? [] : [{ ...bar, interval }]))
  const place = { fx: 'group', x: 'model' }
  const barWidth = (WIDTH - 120) / Math.max(1, groups.length * (models.length + 0.6))
  const colour = ({ model }: { readonly model: string }): string => seriesColour(models.indexOf(model))
  const top = ({ value, interval }: BarValue): number => Math.max(value, interval?.[1] ?? value)
  return figureSvg({
    title,
    subtitle: [`${subtitle}${intervals.length > 0 ? '; whiskers: confidence intervals' : ''}`],
    description,
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
            label: axis,
            labelAnchor: 'center',
            labelOffset: 40,
          }),
          Plot.barY(bars, {
            ...place,
            y: 'value',
            fill: colour,
            title: ({ group, model, value }: BarValue) => `${model}, group ${group}: ${compact(value)}`,
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
                text: ({ value }: BarValue) => shortest(value),
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
