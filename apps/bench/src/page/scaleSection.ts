import { compact, count, fixed, scaleCurves, type ScaleCost } from '@gradrec/report'
import { deviceTitle, figureName, measuredLine, resultsOf } from './device.ts'
import { figuresOf, scaleFigures, type NamedResult, type ScalePage } from './figureSchemas.ts'
import { joined, paragraphs, shown, TITLES, type Section } from './section.ts'
import { plainTable } from './targets.ts'

type Point = ScalePage['points'][number]

const INTRO = `What training costs as data grow. An interaction trained on is one positive with its negative; LightGCN propagates over all interactions at
every step, whatever the batch, so that its cost is told per interaction propagated over as well. Data are simulated, with popularity that falls like a
power of the rank. Epochs are extrapolated from sampled steps. \`planned\` is what the engine says it will take before it takes it; \`process\` is what
the whole process held before the engine took anything and after training.`

const AXES = { interactions: 'as interactions grow', items: 'as the catalogue grows' } as const

/** Cost and memory by size. */
export function scaleSection(results: readonly NamedResult[]): Section | undefined {
  const own = resultsOf('scale', results)
  if (own.length === 0) return undefined
  return joined('Scale', INTRO, own.map(deviceSection))
}

function deviceSection(named: NamedResult): Section {
  const { points, flatness, largest } = figuresOf(named, scaleFigures)
  const { result } = named
  const file = `${figureName(result)}.svg`
  const svg = scaleCurves({
    title: 'Cost as data grow',
    subtitle: [`${deviceTitle(result)}; simulated data`],
    costs: points.flatMap(costsOf),
  })
  const tables = (['mf', 'lgn'] as const).flatMap((backbone) =>
    (['interactions', 'items'] as const).flatMap((axis) => {
      const own = points.filter((point) => point.backbone === backbone && point.axis === axis)
      if (own.length === 0) return []
      const flat = flatness.find((each) => each.backbone === backbone && each.axis === axis)
      return [
        `**${TITLES[backbone]}, ${AXES[axis]}**`,
        tableOf(own),
        flat === undefined ? undefined : `The dearest by the cheapest: ${flat.text}.`,
        ...own.flatMap(({ interactions, items, outcome }) =>
          outcome.kind === 'refused'
            ? [`Refused at ${count(interactions)} interactions and ${count(items)} items: ${outcome.reason}.`]
            : [],
        ),
      ]
    }),
  )
  return {
    markdown: paragraphs(
      `### ${deviceTitle(result)}: scale`,
      measuredLine(named),
      shown(file, `Nanoseconds per interaction by size of the data on ${deviceTitle(result)}`),
      ...tables,
      largest.length === 0 ? undefined : '**The largest problem that fits**',
      largest.length === 0 ? undefined : largestTable(largest),
    ),
    figures: new Map([[file, svg]]),
  }
}

function costsOf({ axis, backbone, interactions, items, outcome }: Point): ScaleCost[] {
  if (outcome.kind === 'refused') return []
  const size = axis === 'interactions' ? interactions : items
  const trained = `${TITLES[backbone]}, per interaction trained on`
  const perEdge =
    outcome.nsPerEdge === undefined
      ? []
      : [{ axis, size, series: `${TITLES[backbone]}, per interaction propagated over`, nanoseconds: outcome.nsPerEdge }]
  return backbone === 'lgn' && perEdge.length > 0
    ? perEdge
    : [{ axis, size, series: trained, nanoseconds: outcome.nsPerInteraction }]
}

function tableOf(points: readonly Point[]): string {
  const perEdge = points.some(({ backbone }) => backbone === 'lgn')
  const head = [
    'interactions',
    'users',
    'items',
    'ms a step',
    'ns per interaction',
    ...(perEdge ? ['ns per interaction propagated over'] : []),
    's per epoch ~',
    'planned',
    'process before',
    'and after',
  ]
  const rows = points.map(({ interactions, users, items, planned, outcome }) => {
    const size = [count(interactions), count(users), count(items)]
    if (outcome.kind === 'refused') return [...size, ...head.slice(3).map((_, n) => (n === 0 ? 'refused' : '–'))]
    return [
      ...size,
      digits(1000 * outcome.secondsPerStep.median),
      digits(outcome.nsPerInteraction),
      ...(perEdge ? [digits(outcome.nsPerEdge)] : []),
      digits(outcome.secondsPerEpoch),
      bytesText(planned.bytes),
      bytesText(outcome.residentBytes.before),
      bytesText(outcome.residentBytes.after),
    ]
  })
  return plainTable([head, ...rows])
}

function largestTable(largest: ScalePage['largest']): string {
  return plainTable([
    ['engine', 'model', 'largest', 'it takes', 'limit: what'],
    ...largest.map(({ engine, backbone, axis, size, bytes, limit }) => [
      engine,
      TITLES[backbone],
      `${count(size)} ${axis}`,
      bytesText(bytes),
      limit,
    ]),
  ])
}

function digits(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '–' : compact(value)
}

function bytesText(bytes: number): string {
  return bytes >= 2 ** 30 ? `${fixed(bytes / 2 ** 30, 2)} GiB` : `${fixed(bytes / 2 ** 20, 0)} MiB`
}
