import * as Plot from '@observablehq/plot'
import { fixed, setting } from './formatNumber.ts'
import { figureSvg } from './figure.ts'
import { luminance } from './theme.ts'

/** One pair of dials and how good the lists are with it. */
export interface AlphaPoint {
  /** How much of the item popularity direction is subtracted: the paper's α2. */
  readonly alphaItem: number
  /** How much of the user conformity direction is subtracted: the paper's α1. */
  readonly alphaUser: number
  /** The metric. A point that is not finite is left blank. */
  readonly value: number
}

export interface AlphaGrid {
  readonly dataset: string
  readonly model: string
  /** Of which more is better, as people write it: `Recall@20`. */
  readonly metric: string
  /** In any order; need not fill the grid. Of several with the same dials, the last counts. */
  readonly points: readonly AlphaPoint[]
}

/** Pixels. */
const MARGINS = { left: 64, right: 12, bottom: 46, top: 8 }
/** Sizes of a cell by how many decimals it shows. */
const CELLS = {
  4: { width: 46, height: 28, padding: 0.04 },
  3: { width: 34, height: 24, padding: 0.04 },
  0: { width: 14, height: 14, padding: 0 },
} as const
const LEAST_HEIGHT = 168
const RAMP_STEPS = 32

/**
 * The paper's Fig. 8 as a heat map: the metric over αItem (across) and αUser (up), its value in every cell, the best cell in
 * a frame. A cell says its numbers when pointed at.
 */
export function alphaSurface(grid: AlphaGrid): string {
  const points = distinctPoints(grid.points)
  const columns = sortedValues(points.map((point) => point.alphaItem))
  const rows = sortedValues(points.map((point) => point.alphaUser)).toReversed()
  const values = points.map((point) => point.value)
  const [lowest, highest] = [Math.min(...values), Math.max(...values)]
  const best = points.filter((point) => point.value === highest)
  const decimals = columns.length <= 13 ? 4 : columns.length <= 25 ? 3 : 0
  const cell = CELLS[decimals]
  // Room for the axis' label beside few rows.
  const height = Math.max(LEAST_HEIGHT, rows.length * cell.height)
  const colour = colourOf(lowest, highest)

  const labels = points.map((point) => ({
    ...point,
    label: fixed(point.value, decimals).replace(/^0\./, '.'),
    // Where black and white have the same contrast with the cell.
    ink: luminance(colour(point.value)) > 0.179 ? '#000000' : '#ffffff',
  }))
  const title = (point: AlphaPoint): string =>
    `αItem ${setting(point.alphaItem)}, αUser ${setting(point.alphaUser)}: ${grid.metric} ${fixed(point.value, 4)}`
  const place = { x: 'alphaItem', y: 'alphaUser' }
  const [first] = best
  const where =
    first === undefined ? 'no values' : `best: ${title(first)}${best.length > 1 ? ` and ${best.length - 1} equal` : ''}`
  return figureSvg({
    title: `${grid.metric} on ${grid.dataset}, ${grid.model}`,
    subtitle: [where],
    description: `Heat map of ${points.length} settings; ${where}.`,
    ...(first !== undefined && {
      ramp: {
        label: grid.metric,
        lowest: fixed(lowest, 4),
        highest: fixed(highest, 4),
        colours: Array.from({ length: RAMP_STEPS }, (_, n) =>
          colour(lowest + ((highest - lowest) * n) / (RAMP_STEPS - 1)),
        ),
      },
    }),
    width: Math.max(480, MARGINS.left + MARGINS.right + columns.length * cell.width + 32),
    panels: [
      {
        height: MARGINS.top + MARGINS.bottom + height,
        marginLeft: MARGINS.left,
        marginRight: MARGINS.right,
        marginTop: MARGINS.top,
        marginBottom: MARGINS.bottom,
        x: { type: 'band', domain: columns, padding: cell.padding, label: null },
        y: { type: 'band', domain: rows, padding: cell.padding, label: null },
        marks: [
          Plot.axisX({
            tickFormat: thinned(columns, decimals === 0 ? 4 : 1),
            tickSize: 0,
            label: 'αItem (item popularity)',
            labelAnchor: 'center',
            labelOffset: 40,
          }),
          Plot.axisY({
            tickFormat: thinned(rows, decimals === 0 ? 4 : 1),
            tickSize: 0,
            label: 'αUser (user conformity)',
            labelAnchor: 'center',
            labelOffset: 58,
          }),
          Plot.cell(points, {
            ...place,
            fill: (point: AlphaPoint) => colour(point.value),
            rx: decimals > 0 ? 2 : 0,
            title,
          }),
          decimals > 0
            ? Plot.text(labels, { ...place, text: 'label', fill: 'ink', fontSize: 11, pointerEvents: 'none' })
            : null,
          // Two frames, one dark and one light, are seen on every colour and surface.
          Plot.cell(best, { ...place, fill: 'none', stroke: '#ffffff', strokeWidth: 5, rx: 2, inset: -1 }),
          Plot.cell(best, { ...place, fill: 'none', stroke: '#e5184b', strokeWidth: 2.5, rx: 2, inset: -1 }),
        ],
      },
    ],
  })
}

function distinctPoints(points: readonly AlphaPoint[]): AlphaPoint[] {
  const byDials = new Map(points.map((point) => [`${point.alphaItem} ${point.alphaUser}`, point]))
  return [...byDials.values()].filter((point) => Number.isFinite(point.value))
}

function sortedValues(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}

/** Labels for every `step`-th tick. */
function thinned(ticks: readonly number[], step: number): (tick: number) => string {
  return (tick) => (ticks.indexOf(tick) % step === 0 ? setting(tick) : '')
}

/** From dark violet through green to yellow: even steps to the eye, also in grey and for the colour-blind. */
function colourOf(lowest: number, highest: number): (value: number) => string {
  const domain = highest > lowest ? [lowest, highest] : [lowest - 1, lowest]
  const scale = Plot.scale({ color: { type: 'linear', scheme: 'viridis', domain } })
  return (value) => String(scale.apply(value))
}
