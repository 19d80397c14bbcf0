import * as Plot from '@observablehq/plot'
import { decades, powersOfTen } from './decades.ts'
import { compact } from './formatNumber.ts'
import { figureSvg } from './figure.ts'
import { seriesColour } from './theme.ts'

/** What one size of data costs. */
export interface ScaleCost {
  /** Which size grows, as the axis says it: `interactions`. One panel each. */
  readonly axis: string
  readonly size: number
  /** What is trained and per what the cost is: a colour. */
  readonly series: string
  /** Above 0; others are left out. */
  readonly nanoseconds: number
}

export interface ScaleCurves {
  readonly title: string
  readonly subtitle: readonly string[]
  /** In any order; axes and series are shown in the order in which they first appear. */
  readonly costs: readonly ScaleCost[]
}

const WIDTH = 680
const PANEL_HEIGHT = 240

/** Cost against size, both logarithmic: what costs the same at every size is level. */
export function scaleCurves({ title, subtitle, costs }: ScaleCurves): string {
  const points = costs.filter(({ nanoseconds }) => nanoseconds > 0 && Number.isFinite(nanoseconds))
  const axes = [...new Set(points.map(({ axis }) => axis))]
  const series = [...new Set(points.map((point) => point.series))]
  const domain = decades(points.map(({ nanoseconds }) => nanoseconds))
  const colour = (point: ScaleCost): string => seriesColour(series.indexOf(point.series))
  const panel = (axis: string): Plot.PlotOptions => {
    const own = points.filter((point) => point.axis === axis).toSorted((a, b) => a.size - b.size)
    const sizes = [...new Set(own.map(({ size }) => size))].sort((a, b) => a - b)
    const [first = 1, last = first] = [sizes[0], sizes.at(-1)]
    return {
      height: PANEL_HEIGHT,
      marginLeft: 60,
      marginRight: 36,
      marginTop: 30,
      marginBottom: 44,
      x: { type: 'log', domain: [first / 1.4, last * 1.4], label: null },
      y: { type: 'log', domain, label: null },
      marks: [
        Plot.gridY(powersOfTen(domain)),
        Plot.axisY(powersOfTen(domain), {
          tickSize: 0,
          tickFormat: compact,
          label: 'nanoseconds',
          labelAnchor: 'top',
          labelArrow: 'none',
          labelOffset: 56,
        }),
        Plot.axisX(sizes, {
          tickFormat: compact,
          label: axis,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.lineY(own, { x: 'size', y: 'nanoseconds', z: 'series', stroke: colour, strokeWidth: 2 }),
        Plot.dot(own, {
          x: 'size',
          y: 'nanoseconds',
          r: 4,
          fill: colour,
          title: ({ series: what, size, nanoseconds }: ScaleCost) =>
            `${what}, ${compact(size)} ${axis}: ${compact(nanoseconds)} ns`,
        }),
        Plot.text(own, {
          x: 'size',
          y: 'nanoseconds',
          text: ({ nanoseconds }: ScaleCost) => compact(nanoseconds),
          dy: -11,
          fontSize: 11,
          fill: 'currentColor',
        }),
      ],
    }
  }
  return figureSvg({
    title,
    subtitle,
    description: `Lines of nanoseconds for ${series.join('; ')} as these grow: ${axes.join(', ')}.`,
    legend: series.map((label, n) => ({ label, colour: seriesColour(n) })),
    width: WIDTH,
    panels: axes.map(panel),
  })
}
