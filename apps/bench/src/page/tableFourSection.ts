import { epochTimes, fixed, markdownTable, type EpochTime } from '@gradrec/report'
import { deviceTitle, figureName, measuredLine, resultsOf } from './device.ts'
import { figuresOf, tableFourFigures, type NamedResult, type TableFourPage } from './figureSchemas.ts'
import { joined, paragraphs, shown, TITLES, type Section } from './section.ts'

type Group = TableFourPage['groups'][number]

const INTRO = `Seconds that an epoch takes, beside the paper’s Table IV: its seconds on one Tesla V100, batches of 128 positives × 4 negatives, 128
dimensions. Brackets hold half of the rounds. \`× original\` is the median over rounds of a method divided by the original in the same
round, since machines are slower at times. An epoch marked ~ was extrapolated from some of its steps. Set-up is what passes, in seconds and
besides, until the first steps are done: allocation, compilation, the graph, tables for lazy Adam. Batches that suit the device are ours, and
another training: they are shown because nobody would train at 128 here.`

/** The paper's Table IV, measured here. */
export function tableFourSection(results: readonly NamedResult[]): Section | undefined {
  const own = resultsOf('table4', results)
  if (own.length === 0) return undefined
  return joined('Table IV', INTRO, own.map(deviceSection))
}

function deviceSection(named: NamedResult): Section {
  const { groups } = figuresOf(named, tableFourFigures)
  const { result } = named
  const file = `${figureName(result)}.svg`
  const svg = epochTimes({
    title: 'Seconds per epoch beside the paper’s Table IV',
    subtitle: [`${deviceTitle(result)}; bars: half of the rounds`],
    times: timesOf(groups),
  })
  return {
    markdown: paragraphs(
      `### ${deviceTitle(result)}`,
      measuredLine(named),
      shown(file, `Seconds per epoch by method on ${deviceTitle(result)}, beside those of the paper’s V100`),
      ...groups.flatMap((group) => [headingOf(group), tableOf(group), sampledOf(group)]),
    ),
    figures: new Map([[file, svg]]),
  }
}

/** The paper's rows once, and both batches of ours. */
function timesOf(groups: readonly Group[]): EpochTime[] {
  const paper = groups
    .filter(({ batchOf }) => batchOf === 'paper')
    .flatMap(({ dataset, backbone, methods }) =>
      methods
        .filter(({ label, method }) => label === method)
        .map(({ method, paperSeconds }) => ({
          ...placeOf(dataset, backbone),
          method,
          series: 'Tesla V100, the paper',
          seconds: paperSeconds,
        })),
    )
  const ours = groups.flatMap(({ dataset, backbone, batchOf, methods }) =>
    methods.map(({ label, secondsPerEpoch }) => ({
      ...placeOf(dataset, backbone),
      method: label,
      series: batchOf === 'paper' ? 'here, the paper’s batch' : 'here, a batch that suits the device',
      seconds: secondsPerEpoch.median,
      interval: secondsPerEpoch.quartiles,
    })),
  )
  return [...paper, ...ours]
}

function placeOf(dataset: Group['dataset'], backbone: Group['backbone']): Pick<EpochTime, 'dataset' | 'backbone'> {
  return { dataset: TITLES[dataset], backbone: TITLES[backbone] }
}

function headingOf({ dataset, backbone, batch, batchOf, source }: Group): string {
  const whose = batchOf === 'paper' ? 'the paper’s batch' : 'a batch that suits the device'
  return `**${TITLES[dataset]}, ${TITLES[backbone]}, ${batch} × 4** (${whose}${source === 'simulated' ? '; simulated data' : ''})`
}

function tableOf({ methods }: Group): string {
  const paperOriginal = methods.find(({ label }) => label === 'original')?.paperSeconds ?? Number.NaN
  return markdownTable({
    rowTitle: 'method',
    columns: [
      { label: 'seconds per epoch', decimals: 2 },
      { label: '× original', decimals: 3 },
      { label: 'V100 seconds', decimals: 0 },
      { label: 'V100 × original', decimals: 2 },
      { label: 'times as fast', decimals: 2 },
      { label: 'set-up', decimals: 2 },
    ],
    rows: methods.map(({ label, secondsPerEpoch, ratio, paperSeconds, extrapolated, setupSeconds }) => ({
      label: `${label}${extrapolated ? ' ~' : ''}`,
      values: {
        'seconds per epoch': { value: secondsPerEpoch.median, interval: secondsPerEpoch.quartiles },
        '× original': { value: ratio },
        'V100 seconds': { value: paperSeconds },
        'V100 × original': { value: paperSeconds / paperOriginal },
        'times as fast': { value: paperSeconds / secondsPerEpoch.median },
        'set-up': { value: setupSeconds },
      },
    })),
  })
}

function sampledOf({ methods }: Group): string | undefined {
  const sampled = methods.filter(({ extrapolated }) => extrapolated)
  if (sampled.length === 0) return undefined
  const shares = sampled.map(({ stepsPerRound, stepsPerEpoch }) => (100 * stepsPerRound) / stepsPerEpoch)
  return `~ extrapolated from rounds of ${fixed(Math.min(...shares), 1)} to ${fixed(Math.max(...shares), 1)} % of an epoch’s steps.`
}
