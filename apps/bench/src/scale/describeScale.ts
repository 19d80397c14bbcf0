import { formatBytes } from '@gradrec/engine'
import type { Flatness } from './flatness.ts'
import type { LargestProblem } from './largestProblems.ts'
import type { ScalePoint } from './measurePoint.ts'
import { SCALE_RUN, type ScaleAxis, type ScaleBackbone } from './scaleShape.ts'

const TITLES: Readonly<Record<ScaleBackbone, string>> = {
  mf: 'MF, lazy Adam',
  lgn: `LightGCN, ${SCALE_RUN.layers} layers`,
}
const AXES: Readonly<Record<ScaleAxis, string>> = {
  interactions: 'as interactions grow',
  items: 'as the catalogue grows',
}

/** The points of one backbone along one axis, for a terminal. */
export function describePoints(
  backbone: ScaleBackbone,
  axis: ScaleAxis,
  points: readonly ScalePoint[],
  flatness: Flatness | undefined,
): string {
  const { dimension, batch, negatives } = SCALE_RUN
  const heading =
    `${TITLES[backbone]}, d ${dimension}, ${batch} positives × ${negatives} negative a step, ${AXES[axis]} ` +
    '(epochs are extrapolated from sampled steps)'
  const perEdge = backbone === 'lgn'
  const head = [
    'interactions',
    'users',
    'items',
    'ms/step',
    'ns/interaction',
    'rows/step',
    ...(perEdge ? ['ns/edge'] : []),
    's/epoch',
    'planned',
    'process before',
    'and after',
  ]
  const rows = points.map(({ interactions, users, items, planned, outcome }) => {
    const size = [count(interactions), count(users), count(items)]
    if (outcome.kind === 'refused') return [...size, 'refused']
    const { secondsPerStep, nsPerInteraction, nsPerEdge, distinctRows, secondsPerEpoch, residentBytes } = outcome
    return [
      ...size,
      digits(1000 * secondsPerStep.median),
      digits(nsPerInteraction),
      count(Math.round(distinctRows)),
      ...(perEdge ? [digits(nsPerEdge ?? Number.NaN)] : []),
      digits(secondsPerEpoch),
      formatBytes(planned.bytes),
      formatBytes(residentBytes.before),
      formatBytes(residentBytes.after),
    ]
  })
  const refusals = points.flatMap(({ interactions, items, outcome }) =>
    outcome.kind === 'refused'
      ? [`refused: ${count(interactions)} interactions, ${count(items)} items: ${outcome.reason}`]
      : [],
  )
  const flat = flatness === undefined ? [] : [`dearest by cheapest, ${UNITS[flatness.of]}: ${flatness.text}`]
  return `${[heading, alignedRows([head, ...rows]), ...flat, ...refusals].join('\n')}\n`
}

const UNITS: Readonly<Record<Flatness['of'], string>> = {
  nsPerInteraction: 'per interaction trained on',
  nsPerEdge: 'per interaction propagated over, which every step does with all of them',
}

/** The largest problems that fit, for a terminal. */
export function describeLargest(problems: readonly LargestProblem[]): string {
  const rows = problems.map(({ engine, backbone, axis, size, bytes, limit }) => [
    engine,
    TITLES[backbone],
    `${count(size)} ${axis}`,
    formatBytes(bytes),
    limit,
  ])
  return `The largest problem that fits (50 interactions a user; 10,000 items, or 10,000,000 interactions)\n${alignedRows(
    [['engine', 'model', 'largest', 'it takes', 'limit'], ...rows],
  )}\n`
}

function alignedRows(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) for (const [c, cell] of row.entries()) widths[c] = Math.max(widths[c] ?? 0, cell.length)
  return rows.map((row) => row.map((cell, c) => cell.padStart(widths[c] ?? 0)).join('  ')).join('\n')
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** Three digits. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 100 ? count(Math.round(value)) : String(Number(value.toPrecision(3)))
}
