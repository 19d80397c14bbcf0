import * as Plot from '@observablehq/plot'
import { count } from './formatNumber.ts'
import { figureSvg } from './figure.ts'
import { binMedians, evenlyThinned } from './thinning.ts'
import { seriesColour } from './theme.ts'

/** One item's accumulated gradients. Numbers that are not finite, as for an item without gradients, are left out. */
export interface ItemGradients {
  /** 1 for the most popular item. */
  readonly popularityRank: number
  /** Cosine of the accumulated positive gradient and the whole one, −1 … 1. */
  readonly positiveCosine: number
  readonly negativeCosine: number
  /** L2 norm of the accumulated positive gradient. */
  readonly positiveNorm: number
  readonly negativeNorm: number
}

export interface GradientsByPopularity {
  /** Data set and model. */
  readonly title: string
  /** In any order. */
  readonly items: readonly ItemGradients[]
}

const WIDTH = 680
const PANEL_HEIGHT = 230
/** Dots of one colour in one panel; more would only paint over each other. */
const MOST_DOTS = 800
const MEDIAN_BINS = 40

const SERIES = [
  {
    name: 'positive',
    label: 'positive gradient',
    cosine: 'positiveCosine',
    norm: 'positiveNorm',
    colour: seriesColour(1),
  },
  {
    name: 'negative',
    label: 'negative gradient',
    cosine: 'negativeCosine',
    norm: 'negativeNorm',
    colour: seriesColour(0),
  },
] as const

/**
 * The paper's Fig. 1: for items from the most to the least popular, (a) the cosine between the accumulated positive or negative
 * gradient and the whole gradient, (b) their norms. Of many items every n-th is a dot; lines are medians over all of them.
 */
export function gradientByPopularity({ title, items }: GradientsByPopularity): string {
  const ranked = items.toSorted((a, b) => a.popularityRank - b.popularityRank)
  const panel = (label: string, quantity: 'cosine' | 'norm', last: boolean): Plot.PlotOptions => ({
    height: last ? PANEL_HEIGHT + 20 : PANEL_HEIGHT,
    marginLeft: 60,
    marginRight: 24,
    marginTop: 26,
    marginBottom: last ? 42 : 22,
    x: { label: null, domain: [1, Math.max(2, ranked.at(-1)?.popularityRank ?? 2)] },
    y: quantity === 'cosine' ? { label: null, domain: [-1, 1] } : { label: null, nice: true, zero: true },
    marks: [
      Plot.gridY({ ticks: 5 }),
      Plot.axisY({ ticks: 5, tickSize: 0, label, labelAnchor: 'top', labelArrow: 'none', labelOffset: 56 }),
      Plot.axisX({
        ticks: 6,
        label: last ? 'popularity rank (1: most popular)' : null,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 38,
      }),
      quantity === 'cosine' ? Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.4 }) : null,
      ...SERIES.flatMap((series) => {
        const points = ranked.flatMap((item) => {
          const point = { x: item.popularityRank, y: item[series[quantity]] }
          return Number.isFinite(point.y) ? [point] : []
        })
        return [
          Plot.dot(evenlyThinned(points, MOST_DOTS), {
            x: 'x',
            y: 'y',
            r: 1.6,
            fill: series.colour,
            fillOpacity: 0.4,
            className: `${series.name}-dots`,
          }),
        ]
      }),
      ...SERIES.flatMap((series) => {
        const points = ranked.map((item) => ({ x: item.popularityRank, y: item[series[quantity]] }))
        const medians = binMedians(
          points.filter(({ y }) => Number.isFinite(y)),
          MEDIAN_BINS,
        )
        return [
          Plot.line(medians, { x: 'x', y: 'y', stroke: 'var(--background)', strokeWidth: 5, strokeOpacity: 0.7 }),
          Plot.line(medians, {
            x: 'x',
            y: 'y',
            stroke: series.colour,
            strokeWidth: 2.5,
            className: `${series.name}-median`,
          }),
        ]
      }),
    ],
  })
  const step = Math.ceil(ranked.length / MOST_DOTS)
  const dots =
    step > 1
      ? `a dot for one in ${step} of ${count(ranked.length)} items`
      : `a dot for each of ${count(ranked.length)} items`
  return figureSvg({
    title,
    subtitle: [`${dots}; lines: medians of items of similar popularity`],
    description:
      'Cosine with the whole gradient, and norm, of accumulated positive and negative gradients by item popularity.',
    legend: SERIES.map(({ label, colour }) => ({ label, colour })),
    width: WIDTH,
    panels: [panel('(a) cosine with the whole gradient', 'cosine', false), panel('(b) L2 norm', 'norm', true)],
  })
}
