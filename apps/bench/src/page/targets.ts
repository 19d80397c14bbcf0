import { fixed } from '@gradrec/report'
import { deviceTitle, resultsOf } from './device.ts'
import { figuresOf, tableFourFigures, type NamedResult, type TableFourPage } from './figureSchemas.ts'
import { paragraphs, TITLES, type Section } from './section.ts'

type Group = TableFourPage['groups'][number]
type Method = Group['methods'][number]

/** What was set out to reach, and the quantity that decides it. */
interface Target {
  readonly text: string
  /** Whether a cell of the table counts for it. */
  readonly concerns: (group: Group, method: Method) => boolean
  /** How far a cell is from the target, by division: at most 1 is met. */
  readonly distance: (group: Group, method: Method) => number
  /** The cell's figure as it is shown. */
  readonly figure: (group: Group, method: Method) => string
}

const ratioText = (_: Group, { ratio }: Method): string => `${fixed(ratio, 3)} ×`
const timesText = (_: Group, { paperSeconds, secondsPerEpoch }: Method): string =>
  `${fixed(paperSeconds / secondsPerEpoch.median, 2)} times as fast`
const isOwnMethod = ({ label, method }: Method): boolean => label === method

const TARGETS: readonly Target[] = [
  {
    text: 'gradient at most 1.02 × the original, LightGCN',
    concerns: ({ backbone }, { label }) => backbone === 'lgn' && label === 'gradient',
    distance: (_, { ratio }) => ratio / 1.02,
    figure: ratioText,
  },
  {
    text: 'gradient at most 1.05 × the original, MF',
    concerns: ({ backbone }, { label }) => backbone === 'mf' && label === 'gradient',
    distance: (_, { ratio }) => ratio / 1.05,
    figure: ratioText,
  },
  {
    text: 'every MF cell at least 10 times as fast as the V100',
    concerns: ({ backbone }, method) => backbone === 'mf' && isOwnMethod(method),
    distance: (_, { paperSeconds, secondsPerEpoch }) => (10 * secondsPerEpoch.median) / paperSeconds,
    figure: timesText,
  },
  {
    text: 'every LightGCN cell faster than the V100',
    concerns: ({ backbone }, method) => backbone === 'lgn' && isOwnMethod(method),
    distance: (_, { paperSeconds, secondsPerEpoch }) => secondsPerEpoch.median / paperSeconds,
    figure: timesText,
  },
  {
    text: 'DICE and MACR below the paper’s ratio to the original',
    concerns: (_, method) => isOwnMethod(method) && (method.method === 'dice' || method.method === 'macr'),
    distance: (group, { ratio, paperSeconds }) => ratio / (paperSeconds / paperOriginal(group)),
    figure: (group, { ratio, paperSeconds }) =>
      `${fixed(ratio, 2)} ×, the paper ${fixed(paperSeconds / paperOriginal(group), 2)} ×`,
  },
]

function paperOriginal({ methods }: Group): number {
  return methods.find(({ label }) => label === 'original')?.paperSeconds ?? Number.NaN
}

const INTRO = `Each line is decided by the cell that is furthest from its target, of all that were measured, data sets and methods alike.`

/** Which targets are met where, computed from Table IV's results. */
export function targetsSection(results: readonly NamedResult[]): Section | undefined {
  const rows = resultsOf('table4', results).flatMap((named) => {
    const { groups } = figuresOf(named, tableFourFigures)
    const where = `${deviceTitle(named.result)}${named.result.quick ? ' (quick)' : ''}`
    return (['paper', 'device'] as const).flatMap((batchOf) =>
      TARGETS.flatMap((target) => {
        const verdict = verdictOf(
          target,
          groups.filter((group) => group.batchOf === batchOf),
        )
        return verdict === undefined
          ? []
          : [[target.text, where, batchOf === 'paper' ? 'the paper’s' : 'the device’s', ...verdict]]
      }),
    )
  })
  if (rows.length === 0) return undefined
  const head = ['target', 'device', 'batch', 'furthest cell', 'figure', '']
  return { markdown: paragraphs('## Targets', INTRO, plainTable([head, ...rows])), figures: new Map() }
}

/** The cell that decides, its figure, and whether the target is met. */
function verdictOf(target: Target, groups: readonly Group[]): string[] | undefined {
  const cells = groups.flatMap((group) =>
    group.methods.filter((method) => target.concerns(group, method)).map((method) => ({ group, method })),
  )
  const furthest = cells.toSorted((a, b) => target.distance(b.group, b.method) - target.distance(a.group, a.method))[0]
  if (furthest === undefined) return undefined
  const { group, method } = furthest
  const cell = `${TITLES[group.dataset]}, ${TITLES[group.backbone]}, ${method.label}, ${group.batch}${method.extrapolated ? ' ~' : ''}`
  return [cell, target.figure(group, method), target.distance(group, method) <= 1 ? '**met**' : '**missed**']
}

/** A table of texts, all cells to the left. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) for (const [c, cell] of row.entries()) widths[c] = Math.max(widths[c] ?? 3, [...cell].length)
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, c) => cell + ' '.repeat((widths[c] ?? 0) - [...cell].length)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}
