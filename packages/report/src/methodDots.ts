import * as Plot from '@observablehq/plot'
import { compact, fixed } from './formatNumber.ts'
import { figureSvg } from './figure.ts'
import { seriesColour } from './theme.ts'

/** A method as measured here and as published. A number that is missing or not finite is shown as `–`. */
export interface MethodDot {
  readonly method: string
  readonly ours?: number
  /** Around ours, such as a standard deviation over seeds to either side. */
  readonly interval?: readonly [low: number, high: number]
  readonly paper?: number
}

export interface MethodDots {
  /** Data set and backbone. */
  readonly title: string
  /** Of which more is better, as people write it: `Recall@20`. */
  readonly measure: string
  /** The method that is held against the others. */
  readonly proposed: string
  /** From top to bottom. */
  readonly methods: readonly MethodDot[]
}

interface Point {
  readonly method: string
  readonly ours: number | undefined
  readonly paper: number | undefined
  readonly interval: readonly [low: number, high: number] | undefined
  readonly colour: string
}

/** Narrow, so that two stand beside each other on a page and one is readable on a phone. */
const WIDTH = 400
const ROW_HEIGHT = 25
const MARGINS = { left: 66, right: 120, top: 24, bottom: 40 }
/** From the right edge of the plot: where the two columns of numbers end. */
const COLUMNS = { ours: 60, paper: 116 }
/** The ring is wider than the dot, so that both are seen where they meet. */
const RADII = { ours: 4, paper: 6.5 }

/**
 * One block of the paper's Table III: for each method a dot for ours and a ring for the paper's, with both numbers beside them. A dotted
 * line marks the best of the other methods as measured here: the claim holds where the proposed method's dot is right of it.
 */
export function methodDots({ title, measure, proposed, methods }: MethodDots): string {
  const points: readonly Point[] = methods.map(({ method, ours, paper, interval }) => ({
    method,
    ours: finite(ours),
    paper: finite(paper),
    interval: finite(ours) === undefined ? undefined : interval,
    colour: seriesColour(method === proposed ? 1 : 0),
  }))
  const dots = points.filter(({ ours }) => ours !== undefined)
  const rings = points.filter(({ paper }) => paper !== undefined)
  const others = dots.flatMap((each) => (each.method === proposed ? [] : [each.ours ?? 0]))
  const best = others.length > 0 ? Math.max(...others) : undefined
  const numbers = points.flatMap(({ ours, paper, interval }) => [ours, paper, ...(interval ?? [])])
  const place = { y: 'method' }
  const columns = [
    { label: '● here', right: COLUMNS.ours, decimals: 4, of: ({ ours }: Point) => ours },
    ...(rings.length > 0
      ? [{ label: '○ paper', right: COLUMNS.paper, decimals: 3, of: ({ paper }: Point) => paper }]
      : []),
  ]
  /** A text in every row, bold in the proposed method's: a weight is a mark's, not a row's. */
  const weighted = (text: (point: Point) => string, options: Plot.TextOptions): Plot.Text[] =>
    [false, true].map((bold) =>
      Plot.text(
        points.filter(({ method }) => (method === proposed) === bold),
        { ...place, ...options, text, fontSize: 12, fontWeight: bold ? 700 : 400, fill: 'currentColor' },
      ),
    )
  return figureSvg({
    title,
    subtitle: [leadText(methods, proposed)],
    description: `Dots of ${measure} for each method, here and in the paper. ${sentences(points)}`,
    width: WIDTH,
    panels: [
      {
        height: MARGINS.top + MARGINS.bottom + ROW_HEIGHT * methods.length,
        marginLeft: MARGINS.left,
        marginRight: MARGINS.right,
        marginTop: MARGINS.top,
        marginBottom: MARGINS.bottom,
        x: { label: null, domain: paddedRange(numbers.filter((value) => value !== undefined)) },
        y: { type: 'band', domain: methods.map(({ method }) => method), axis: null, padding: 0.1 },
        marks: [
          Plot.gridX({ ticks: 4 }),
          Plot.axisX({
            ticks: 4,
            tickFormat: compact,
            label: measure,
            labelAnchor: 'center',
            labelArrow: 'none',
            labelOffset: 36,
          }),
          best === undefined
            ? null
            : Plot.ruleX([best], { stroke: 'currentColor', strokeDasharray: '1.5 3', className: 'best-other' }),
          ...weighted(({ method }) => method, {
            frameAnchor: 'left',
            textAnchor: 'start',
            dx: -MARGINS.left,
          }),
          Plot.link(
            points.filter(({ ours, paper }) => ours !== undefined && paper !== undefined),
            {
              x1: 'ours',
              x2: 'paper',
              y1: 'method',
              y2: 'method',
              stroke: 'colour',
              strokeWidth: 2,
              strokeOpacity: 0.6,
            },
          ),
          Plot.ruleY(
            dots.filter(({ interval }) => interval !== undefined),
            {
              ...place,
              x1: ({ interval }: Point) => interval?.[0],
              x2: ({ interval }: Point) => interval?.[1],
              stroke: 'colour',
              strokeWidth: 2.5,
              className: 'interval',
            },
          ),
          Plot.dot(rings, {
            ...place,
            x: 'paper',
            r: RADII.paper,
            stroke: 'colour',
            strokeWidth: 1.75,
            fill: 'var(--background)',
            title: ({ method, paper }: Point) => `${method}, the paper’s: ${fixed(paper, 3)}`,
            className: 'paper',
          }),
          Plot.dot(dots, {
            ...place,
            x: 'ours',
            r: RADII.ours,
            fill: 'colour',
            title: ({ method, ours }: Point) => `${method}, here: ${fixed(ours, 4)}`,
            className: 'ours',
          }),
          ...columns.flatMap(({ label, right, decimals, of }) => [
            Plot.text([label], {
              frameAnchor: 'top-right',
              textAnchor: 'end',
              dx: right,
              dy: -16,
              fontSize: 11,
              fill: 'currentColor',
              text: String,
            }),
            ...weighted((point) => fixed(of(point), decimals), {
              frameAnchor: 'right',
              textAnchor: 'end',
              dx: right,
              fontVariant: 'tabular-nums',
            }),
          ]),
        ],
      },
    ],
  })
}

/** By how much the proposed method is ahead of the best other: `gradient +9 % over dice (paper: +6 % over macr)`. */
function leadText(methods: readonly MethodDot[], proposed: string): string {
  const here = leadOf(methods, proposed, ({ ours }) => ours)
  const paper = leadOf(methods, proposed, (each) => each.paper)
  if (here === undefined) return paper === undefined ? 'no values' : `not measured; ${proposed} ${paper} in the paper`
  return `${proposed} ${here}${paper === undefined ? '' : ` (paper: ${paper})`}`
}

/** `+9 % over dice` or `9 % below dice`, from numbers of one origin. */
function leadOf(
  methods: readonly MethodDot[],
  proposed: string,
  valueOf: (method: MethodDot) => number | undefined,
): string | undefined {
  const known = methods.flatMap((each) => {
    const value = finite(valueOf(each))
    return value === undefined ? [] : [{ method: each.method, value }]
  })
  const own = known.find(({ method }) => method === proposed)
  const others = known.filter(({ method }) => method !== proposed)
  const [first] = others
  if (own === undefined || first === undefined) return undefined
  const best = others.reduce((a, b) => (b.value > a.value ? b : a), first)
  const percent = Math.round(100 * (own.value / best.value - 1))
  return percent < 0 ? `${-percent} % below ${best.method}` : `+${percent} % over ${best.method}`
}

function sentences(points: readonly Point[]): string {
  return points
    .map(
      ({ method, ours, paper }) =>
        `${method}: ${fixed(ours, 4)}${paper === undefined ? '' : `, the paper’s ${fixed(paper, 3)}`}.`,
    )
    .join(' ')
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

/** From the least to the largest with room for a ring at either end. Positions are compared here, not lengths: 0 need not be in it. */
function paddedRange(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = (high - low || Math.abs(high) || 1) * 0.08
  return [low - room, high + room]
}
