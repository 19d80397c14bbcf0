import { textTable, type Estimate } from '@gradrec/report'
import type { DeviceRoof } from './deviceRoof.ts'
import { reachOf, wholeStep } from './reach.ts'
import type { RooflineRun } from './roofline.ts'

const TITLES = { ml10m: 'MovieLens-10M', netflix: 'Netflix', mf: 'MF', lgn: 'LightGCN' } as const

/** What the device can do, in a few lines. */
export function describeRoof(roof: DeviceRoof): string {
  const copies = roof.copies.map(({ bytes, bytesPerSecond }) => `${mebibytes(bytes)} ${giga(bytesPerSecond)} GB/s`)
  const arithmetic =
    roof.operationsPerSecond === undefined ? '' : `, multiplying and adding ${giga(roof.operationsPerSecond)} GFLOP/s`
  const dispatch =
    roof.microsecondsPerDispatch === undefined
      ? ''
      : `, an empty dispatch ${roof.microsecondsPerDispatch.toFixed(1)} µs`
  return `Copies, bytes read plus written: ${copies.join(', ')}${arithmetic}${dispatch}\n`
}

/** One run as a table for a terminal. */
export function describeRun(run: RooflineRun, roof: DeviceRoof): string {
  const { dataset, source, backbone, method, batch, steps, clock, kernels, millisecondsPerStep } = run
  const simulated = source === 'simulated' ? ' (simulated)' : ''
  const all = wholeStep(kernels).milliseconds.median
  const table = textTable({
    rowTitle: 'kernel',
    columns: [
      { label: 'ms a step', decimals: 3 },
      { label: '%', decimals: 1 },
      { label: 'MB', decimals: 2 },
      { label: 'GB/s', decimals: 1 },
      { label: 'of copy', decimals: 2 },
      { label: 'MB gathered', decimals: 2 },
      { label: 'GB/s gathered', decimals: 1 },
      { label: 'of cache copy', decimals: 2 },
      { label: 'MFLOP', decimals: 2 },
      { label: 'GFLOP/s', decimals: 1 },
    ],
    rows: [...kernels, wholeStep(kernels)].map((kernel) => {
      const { work, milliseconds } = kernel
      const reach = reachOf(kernel, roof)
      const estimates: Record<string, number | undefined> = {
        'ms a step': milliseconds.median,
        '%': (100 * milliseconds.median) / all,
        MB: work && work.compulsoryBytes / 1e6,
        'GB/s': reach && reach.bytesPerSecond / 1e9,
        'of copy': reach?.ofMemoryCopy,
        'MB gathered': work && work.gatheredBytes / 1e6,
        'GB/s gathered': reach && reach.gatheredPerSecond / 1e9,
        'of cache copy': reach?.ofCacheCopy,
        MFLOP: work && work.operations / 1e6,
        'GFLOP/s': reach && reach.operationsPerSecond / 1e9,
      }
      return { label: kernel.kernel, values: present(estimates) }
    }),
  })
  const heading = `${TITLES[dataset]}${simulated}, ${TITLES[backbone]}, ${method}, ${batch} positives × 4 negatives, ${steps === 1 ? 'one step' : `means of ${steps} steps`}`
  const sum = `${all.toFixed(3)} ms by the ${clock}’s clock; ${millisecondsPerStep.median.toFixed(3)} ms a step unprofiled`
  return `${heading}: ${sum}\n${table}\n`
}

function present(values: Readonly<Record<string, number | undefined>>): Record<string, Estimate> {
  const entries = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, { value }]]))
  return Object.fromEntries(entries) as Record<string, Estimate>
}

function giga(value: number): string {
  return (value / 1e9).toFixed(1)
}

function mebibytes(bytes: number): string {
  return `${bytes / 2 ** 20} MiB`
}
