import { metricLabel, metricValue, type Dials, type MetricKey, type TunedSetting } from '@gradrec/core'
import { alignTable } from './alignTable.ts'
import { dialLabel, dialValue } from './describeDials.ts'

/** Settings of a grid, as tuning measured them. */
export interface TunedGrid {
  readonly metric: MetricKey
  readonly settings: readonly TunedSetting[]
  readonly best: Pick<TunedSetting, 'dials'>
}

/** The metric at every setting of a grid as text: for two dials a heat table, else a line for each setting; `*` behind the best. */
export function dialTable(grid: TunedGrid, colour: boolean): string {
  const [rows, columns, ...more] = Object.keys(grid.settings[0]?.dials ?? {})
  if (rows === undefined || columns === undefined || more.length > 0) return listTable(grid)
  return heatTable(grid, [rows, columns], colour)
}

/** A column for each dial, and the metric. */
function listTable({ metric, settings, best }: TunedGrid): string {
  const names = Object.keys(settings[0]?.dials ?? {})
  return alignTable([
    [...names.map(dialLabel), metricLabel(metric)],
    ...settings.map(({ dials, metrics }) => [
      ...names.map((name) => dialValue(dials[name] ?? 0)),
      // As wide without the mark, so that points stand below each other.
      `${metricValue(metrics, metric).toFixed(4)}${isSame(dials, best.dials) ? '*' : ' '}`,
    ]),
  ])
}

/** The 256-colour greys from dark to light, and from which of them on the ink is black. */
const GREYS = { darkest: 234, lightest: 254, blackInkFrom: 245 }

/**
 * A row for each value of the first dial and a column for each of the second. In colour, a cell is the lighter the higher its
 * value. Values lose the zero before the point, so that 11 columns fit into 80 characters.
 */
function heatTable(
  { metric, settings, best }: TunedGrid,
  [rowDial, columnDial]: readonly [row: string, column: string],
  colour: boolean,
): string {
  const placed = settings.map(({ dials, metrics }) => ({
    row: dials[rowDial] ?? 0,
    column: dials[columnDial] ?? 0,
    value: metricValue(metrics, metric),
    isBest: isSame(dials, best.dials),
  }))
  const rows = [...new Set(placed.map(({ row }) => row))]
  const columns = [...new Set(placed.map(({ column }) => column))]
  const at = new Map(placed.map((each) => [`${each.row} ${each.column}`, each]))
  const values = placed.map(({ value }) => value)
  const [lowest, highest] = [Math.min(...values), Math.max(...values)]
  const width = Math.max(...[...values.map(short), ...columns.map(dialValue)].map((text) => text.length))
  const corner = dialLabel(rowDial)
  const head = Math.max(corner.length, ...rows.map((row) => dialValue(row).length))
  const lines = rows.map((row) => {
    const cells = columns.map((column) => {
      const { value = Number.NaN, isBest = false } = at.get(`${row} ${column}`) ?? {}
      const text = `${short(value).padStart(width)}${isBest ? '*' : ' '}`
      return colour ? shaded(text, (value - lowest) / (highest - lowest || 1), isBest) : text
    })
    return `${dialValue(row).padStart(head)} ${cells.join('')}`.trimEnd()
  })
  const heading = `${corner.padStart(head)} ${columns.map((column) => `${dialValue(column).padStart(width)} `).join('')}`
  return [`${' '.repeat(head + 1)}${dialLabel(columnDial)}`, heading.trimEnd(), ...lines].join('\n')
}

function isSame(a: Dials, b: Dials): boolean {
  return Object.entries(a).every(([name, value]) => b[name] === value)
}

function shaded(text: string, share: number, isBest: boolean): string {
  const grey = GREYS.darkest + Math.round(share * (GREYS.lightest - GREYS.darkest))
  const ink = grey >= GREYS.blackInkFrom ? 16 : 231
  return `\u001B[48;5;${grey}m\u001B[38;5;${ink}m${isBest ? '\u001B[1m' : ''}${text}\u001B[0m`
}

function short(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4).replace(/^(-?)0\./, '$1.') : '–'
}
