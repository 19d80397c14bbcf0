import { markdownTable, throughputBars, type Estimate } from '@gradrec/report'
import { deviceTitle, figureName, measuredLine, resultsOf } from './device.ts'
import { figuresOf, peersFigures, type NamedResult, type PeersPage } from './figureSchemas.ts'
import { joined, paragraphs, shown, type Section } from './section.ts'

type Group = PeersPage['groups'][number]
type Peer = Group['measured'][number]

const TITLES = { mf: 'Matrix factorisation', lgn: 'LightGCN' } as const

const INTRO = `The same training, of the same triples where a library lets them be given, by other libraries on the same machine, each in a process of its own,
in turns. \`first / this\` is how many times as many triples a second the first row trains, by rounds. Recall@20 is on the validation part, after the same
number of epochs by one evaluation: it says whether the same was learned, not who is better.`

/** Other libraries. */
export function peersSection(results: readonly NamedResult[]): Section | undefined {
  const own = resultsOf('peers', results)
  if (own.length === 0) return undefined
  return joined('Peers', INTRO, own.map(deviceSection))
}

function deviceSection(named: NamedResult): Section {
  const { groups } = figuresOf(named, peersFigures)
  const { result } = named
  const file = `${figureName(result)}.svg`
  const svg = throughputBars({
    title: 'The same training elsewhere',
    subtitle: [`${result.machine.processor}, ${result.machine.cores} cores; lines: half of the rounds`],
    bars: groups.flatMap(({ model, measured }) =>
      measured.map(({ label, library, triplesPerSecond }) => ({
        label,
        library,
        group: TITLES[model],
        perSecond: triplesPerSecond.median,
        interval: triplesPerSecond.quartiles,
      })),
    ),
  })
  return {
    markdown: paragraphs(
      `### ${deviceTitle(result)}: peers`,
      measuredLine(named),
      shown(file, `Triples per second by library on ${result.machine.processor}`),
      ...groups.flatMap((group) => [`**${TITLES[group.model]}**`, tableOf(group), notesOf(group)]),
    ),
    figures: new Map([[file, svg]]),
  }
}

function tableOf({ measured }: Group): string {
  const thousands = ({ median, quartiles: [low, high] }: Peer['triplesPerSecond']): Estimate => ({
    value: median / 1000,
    interval: [low / 1000, high / 1000],
  })
  return markdownTable({
    rowTitle: 'peer',
    columns: [
      { label: 'thousand triples a second', decimals: 1 },
      { label: 'first / this', decimals: 2 },
      { label: 'Recall@20', decimals: 4 },
      { label: 'peak MiB', decimals: 0 },
    ],
    rows: measured.map(({ label, optimizer, triplesPerSecond, firstIsFasterBy, recall, peakBytes }) => ({
      label: `${label} (${optimizer})`,
      values: {
        'thousand triples a second': thousands(triplesPerSecond),
        'first / this': { value: firstIsFasterBy },
        ...(recall !== undefined && { 'Recall@20': { value: recall } }),
        'peak MiB': { value: peakBytes / 2 ** 20 },
      },
    })),
  })
}

function notesOf({ measured, skipped }: Group): string | undefined {
  const notes = [
    ...new Set([
      ...measured.flatMap(({ name, note, versions }) => [
        ...(note === undefined ? [] : [`${name}: ${note}`]),
        `${name}: ${Object.entries(versions)
          .map(([what, version]) => `${what} ${version}`)
          .join(', ')}`,
      ]),
      ...measured.flatMap(({ label, notJudged }) =>
        notJudged === undefined ? [] : [`${label}: no recall: ${notJudged}`],
      ),
      ...skipped.map(({ label, why }) => `not measured: ${label}: ${why.replace(`${label}: `, '')}`),
    ]),
  ]
  return notes.length === 0 ? undefined : notes.map((note) => `- ${note.replaceAll('\n', ' ')}`).join('\n')
}
