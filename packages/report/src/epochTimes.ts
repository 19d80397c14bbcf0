import * as Plot from '@observablehq/plot'
import { decades, powersOfTen } from './decades.ts'
import { compact } from './formatNumber.ts'
import { figureSvg } from './figure.ts'
import { seriesColour } from './theme.ts'

/** How long one training's epoch takes in one place. */
export interface EpochTime {
  /** What is trained on and what is trained: columns and rows of the figure. */
  readonly dataset: string
  readonly backbone: string
  readonly method: string
  /** Where and how it was measured: a colour. */
  readonly series: string
  /** Seconds of an epoch, above 0; others are left out. */
  readonly seconds: number
  /** Half of the rounds lie between these. */
  readonly interval?: readonly [low: number, high: number]
}

export interface EpochTimes {
  readonly title: string
  readonly subtitle: readonly string[]
  /** Data sets, backbones, methods and series are shown in the order in which they first appear. */
  readonly times: readonly EpochTime[]
}

const WIDTH = 760
const METHOD_HEIGHT = 21
const MARGINS = { left: 122, right: 84, top: 30, bottom: 42 }
const FACET_GAP = 14

/** The paper's Table IV as dots: seconds per epoch by method, small multiples by data set and backbone, on one logarithmic scale. */
export function epochTimes({ title, subtitle, times }: EpochTimes): string {
  const dots = times.filter(({ seconds }) => seconds > 0 && Number.isFinite(seconds))
  const [datasets, backbones, methods, series] = (['dataset', 'backbone', 'method', 'series'] as const).map((field) => [
    ...new Set(dots.map((time) => time[field])),
  ]) as [string[], string[], string[], string[]]
  const intervals = dots.flatMap(({ interval, ...dot }) => (interval === undefined ? [] : [{ ...dot, interval }]))
  const domain = decades(dots.flatMap(({ seconds, interval = [] }) => [seconds, ...interval]))
  const place = { fx: 'dataset', fy: 'backbone', y: 'method' }
  const colour = (dot: Pick<EpochTime, 'series'>): string => seriesColour(series.indexOf(dot.series))
  return figureSvg({
    title,
    subtitle,
    description: `Dots of seconds per epoch of ${methods.join(', ')} for ${backbones.join(', ')} on ${datasets.join(', ')}: ${series.join('; ')}.`,
    legend: series.map((label, n) => ({ label, colour: seriesColour(n) })),
    width: WIDTH,
    panels: [
      {
        height:
          MARGINS.top +
          MARGINS.bottom +
          Math.max(1, backbones.length) * (FACET_GAP + METHOD_HEIGHT * Math.max(1, methods.length)),
        marginLeft: MARGINS.left,
        marginRight: MARGINS.right,
        marginTop: MARGINS.top,
        marginBottom: MARGINS.bottom,
        x: { type: 'log', label: null, domain },
        y: { type: 'band', domain: methods, label: null, padding: 0 },
        fx: { domain: datasets, label: null, padding: 0.09 },
        fy: { domain: backbones, label: null, padding: 0.08 },
        marks: [
          Plot.gridX(powersOfTen(domain)),
          Plot.axisY({ tickSize: 0 }),
          Plot.axisX(powersOfTen(domain), {
            tickFormat: compact,
            label: 'seconds per epoch',
            labelAnchor: 'center',
            labelArrow: 'none',
            labelOffset: 38,
          }),
          Plot.axisFx({ anchor: 'top', fontWeight: 600 }),
          Plot.axisFy({ anchor: 'right', fontWeight: 600 }),
          Plot.frame({ stroke: 'currentColor', strokeOpacity: 0.25 }),
          Plot.ruleY(intervals, {
            ...place,
            x1: ({ interval }: { readonly interval: readonly number[] }) => interval[0],
            x2: ({ interval }: { readonly interval: readonly number[] }) => interval[1],
            stroke: colour,
            strokeWidth: 3,
            strokeOpacity: 0.5,
            className: 'interval',
          }),
          Plot.dot(dots, {
            ...place,
            x: 'seconds',
            r: 4.5,
            fill: colour,
            title: ({ dataset, backbone, method, series: where, seconds }: EpochTime) =>
              `${dataset}, ${backbone}, ${method}, ${where}: ${compact(seconds)} s`,
          }),
        ],
      },
    ],
  })
}
