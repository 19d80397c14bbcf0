import * as Plot from '@observablehq/plot'
import { compact } from './formatNumber.ts'
import { figureSvg } from './figure.ts'
import { seriesColour } from './theme.ts'

export interface Throughput {
  /** Library and setting; one bar. */
  readonly label: string
  /** A colour. */
  readonly library: string
  /** Model, or whatever else bars are only compared within. One panel each. */
  readonly group: string
  /** Triples a second. One that is not a number is left out. */
  readonly perSecond: number
  /** Half of the rounds lie between these. */
  readonly interval?: readonly [low: number, high: number]
}

export interface Throughputs {
  readonly title: string
  readonly subtitle: readonly string[]
  /** Shown in this order. */
  readonly bars: readonly Throughput[]
}

const WIDTH = 760
const BAR_HEIGHT = 24
const MARGINS = { left: 220, right: 64, top: 30, bottom: 44 }

/** Triples per second as bars from zero, so that lengths compare; groups below one another, each on its own scale. */
export function throughputBars({ title, subtitle, bars }: Throughputs): string {
  const shown = bars.filter(({ perSecond }) => Number.isFinite(perSecond))
  const libraries = [...new Set(shown.map(({ library }) => library))]
  const groups = [...new Set(shown.map(({ group }) => group))]
  const panel = (group: string): Plot.PlotOptions => {
    const own = shown.filter((bar) => bar.group === group)
    const intervals = own.flatMap(({ interval, ...bar }) => (interval === undefined ? [] : [{ ...bar, interval }]))
    const end = ({ perSecond, interval }: Throughput): number => Math.max(perSecond, interval?.[1] ?? perSecond)
    return {
      height: MARGINS.top + MARGINS.bottom + BAR_HEIGHT * own.length,
      marginLeft: MARGINS.left,
      marginRight: MARGINS.right,
      marginTop: MARGINS.top,
      marginBottom: MARGINS.bottom,
      x: { label: null, zero: true, nice: true },
      y: { type: 'band', domain: own.map(({ label }) => label), label: null, padding: 0.2 },
      marks: [
        Plot.gridX({ ticks: 5 }),
        Plot.axisY({ tickSize: 0 }),
        Plot.axisX({
          ticks: 5,
          tickFormat: compact,
          label: 'triples per second',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 38,
        }),
        Plot.text([group], { frameAnchor: 'top-left', dx: -MARGINS.left, dy: -20, fontWeight: 600, text: String }),
        Plot.barX(own, {
          x: 'perSecond',
          y: 'label',
          fill: ({ library }: Throughput) => seriesColour(libraries.indexOf(library)),
          title: ({ label, perSecond }: Throughput) => `${label}: ${compact(perSecond)} triples per second`,
        }),
        Plot.ruleY(intervals, {
          y: 'label',
          x1: ({ interval }: { readonly interval: readonly number[] }) => interval[0],
          x2: ({ interval }: { readonly interval: readonly number[] }) => interval[1],
          stroke: 'currentColor',
          strokeWidth: 1.5,
          className: 'interval',
        }),
        Plot.text(own, {
          x: end,
          y: 'label',
          text: ({ perSecond }: Throughput) => compact(perSecond),
          textAnchor: 'start',
          dx: 6,
          fontSize: 11,
          fill: 'currentColor',
        }),
        Plot.ruleX([0], { stroke: 'currentColor', strokeOpacity: 0.6 }),
      ],
    }
  }
  return figureSvg({
    title,
    subtitle,
    description: `Bars of triples per second for ${shown.map(({ label, group }) => `${label} (${group})`).join(', ')}.`,
    legend: libraries.map((label, n) => ({ label, colour: seriesColour(n) })),
    width: WIDTH,
    panels: groups.map(panel),
  })
}
