import { fixed, kernelSpeeds, markdownTable, type Estimate } from '@gradrec/report'
import { memoryCopy } from '../roofline/deviceRoof.ts'
import { reachOf, wholeStep } from '../roofline/reach.ts'
import { deviceTitle, figureName, measuredLine, resultsOf } from './device.ts'
import { figuresOf, rooflineFigures, type NamedResult, type RooflinePage } from './figureSchemas.ts'
import { joined, paragraphs, shown, TITLES, type Section } from './section.ts'

type Run = RooflinePage['runs'][number]
type Roof = RooflinePage['roof']

const INTRO = `Where a step’s time goes, and how near its kernels come to what the device can do. \`MB\` is what a kernel has to move however clever it is:
every operand read once and every result written once. \`of copy\` is that by its time, divided by the copy of 256 MiB, main memory’s; above 1 operands
were found in a cache. \`MB gathered\` counts rows that are looked up as often as they are looked up; where that is more than twice as much, \`of cache copy\` holds
it against the copy that takes as much memory as the rows that are looked up. Copies count bytes read plus bytes written. Operations are those of float32
that the formulas need; random numbers and sorting are integers and count none. The formulas are in
[apps/bench/src/roofline/models](../apps/bench/src/roofline/models), by the kernels’ names; what they count, such as a step’s different rows, is
counted in the very steps that were profiled, by drawing their triples again.`

/** Kernels beside the device's copies. */
export function rooflineSection(results: readonly NamedResult[]): Section | undefined {
  const own = resultsOf('roofline', results)
  if (own.length === 0) return undefined
  return joined('Kernels', INTRO, own.map(deviceSection))
}

function deviceSection(named: NamedResult): Section {
  const { roof, runs } = figuresOf(named, rooflineFigures)
  const { result } = named
  const file = `${figureName(result)}.svg`
  const svg = kernelSpeeds({
    title: 'What kernels reach, beside copies',
    subtitle: [`${deviceTitle(result)}; in per cent: of the step’s time`],
    runs: runs.map((run) => ({ title: titleOf(run), kernels: speedsOf(run) })),
    roofs: [roof.copies.at(-1), roof.copies.find(({ bytes }) => bytes === CACHED)].flatMap((copy) =>
      copy === undefined ? [] : [{ label: `copy of ${mebibytes(copy.bytes)}`, bytesPerSecond: copy.bytesPerSecond }],
    ),
  })
  return {
    markdown: paragraphs(
      `### ${deviceTitle(result)}: kernels`,
      measuredLine(named),
      roofText(roof),
      shown(file, `Bytes per second of each kernel on ${deviceTitle(result)}, beside those of copies`),
      ...runs.flatMap((run) => [headingOf(run), tableOf(run, roof)]),
    ),
    figures: new Map([[file, svg]]),
  }
}

/** Bytes of the second roof in the figure: what caches of processors hold. */
const CACHED = 2 ** 20

function roofText(roof: Roof): string {
  const copies = roof.copies.map(
    ({ bytes, bytesPerSecond }) => `${mebibytes(bytes)}: ${fixed(bytesPerSecond / 1e9, 1)}`,
  )
  const arithmetic =
    roof.operationsPerSecond === undefined
      ? 'What it can compute was not measured.'
      : `Multiplying and adding in registers: ${fixed(roof.operationsPerSecond / 1e9, 1)} GFLOP/s.`
  const dispatch =
    roof.microsecondsPerDispatch === undefined
      ? ''
      : ` An empty dispatch that waits for the one before: ${fixed(roof.microsecondsPerDispatch, 1)} µs.`
  return `Copies in GB/s by the buffer’s size: ${copies.join(', ')}. ${arithmetic}${dispatch}`
}

function speedsOf({ kernels }: Run): { kernel: string; share: number; compulsory: number; gathered: number }[] {
  const all = wholeStep(kernels).milliseconds.median
  return kernels.flatMap(({ kernel, work, milliseconds: { median } }) =>
    work === undefined || !(median > 0)
      ? []
      : [
          {
            kernel,
            share: median / all,
            compulsory: (1000 * work.compulsoryBytes) / median,
            gathered: (1000 * work.gatheredBytes) / median,
          },
        ],
  )
}

function titleOf({ backbone, method, batch }: Run): string {
  return `${TITLES[backbone]}, ${method}, batch ${batch} × 4`
}

function headingOf(run: Run): string {
  const { dataset, source, steps, clock, kernels, millisecondsPerStep } = run
  const simulated = source === 'simulated' ? ', simulated' : ''
  const sum = fixed(wholeStep(kernels).milliseconds.median, 3)
  return `**${titleOf(run)}** (${TITLES[dataset]}${simulated}): ${sum} ms a step by the ${clock}’s clock, ${fixed(millisecondsPerStep.median, 3)} ms unprofiled; ${steps === 1 ? 'one step' : `means of ${steps} steps`}`
}

function tableOf({ kernels }: Run, roof: Roof): string {
  const all = wholeStep(kernels).milliseconds.median
  return markdownTable({
    rowTitle: 'kernel',
    columns: [
      { label: 'ms a step', decimals: 3 },
      { label: '%', decimals: 1 },
      { label: 'MB', decimals: 2 },
      { label: 'of copy', decimals: 2 },
      { label: 'MB gathered', decimals: 2 },
      { label: 'of cache copy', decimals: 2 },
      { label: 'GFLOP/s', decimals: 1 },
    ],
    rows: [...kernels, wholeStep(kernels)].map((kernel) => {
      const { work, milliseconds } = kernel
      const reach = reachOf(kernel, roof)
      const values: Record<string, number | undefined> = {
        'ms a step': milliseconds.median,
        '%': (100 * milliseconds.median) / all,
        MB: work && work.compulsoryBytes / 1e6,
        'of copy': reach && reach.bytesPerSecond / memoryCopy(roof),
        'MB gathered': work && work.gatheredBytes / 1e6,
        'of cache copy': reach?.ofCacheCopy,
        'GFLOP/s': reach && reach.operationsPerSecond / 1e9,
      }
      return { label: kernel.kernel, values: present(values) }
    }),
  })
}

function present(values: Readonly<Record<string, number | undefined>>): Record<string, Estimate> {
  const entries = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, { value }]]))
  return Object.fromEntries(entries) as Record<string, Estimate>
}

function mebibytes(bytes: number): string {
  return `${bytes / 2 ** 20} MiB`
}
