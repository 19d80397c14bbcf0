import { textTable } from '@gradrec/report'
import type { TimedGroup } from './tableFour.ts'

const TITLES = { ml10m: 'MovieLens-10M', netflix: 'Netflix', mf: 'MF', lgn: 'LightGCN' } as const

/** A group as a table for a terminal. */
export function describeGroup(group: TimedGroup): string {
  const { dataset, source, backbone, batch, batchOf, methods } = group
  const simulated = source === 'simulated' ? ' (simulated: same users, items, interactions and popularity)' : ''
  const whose = batchOf === 'paper' ? 'the paper’s batch' : 'a batch that suits the device'
  const heading = `${TITLES[dataset]}${simulated}, ${TITLES[backbone]}, ${batch} positives × 4 negatives (${whose}): seconds per epoch`
  const table = textTable({
    columns: [
      { label: 'median', decimals: 2 },
      { label: 'of original', decimals: 2 },
      { label: 'paper (V100)', decimals: 0 },
      { label: 'of original ', decimals: 2 },
      { label: 'paper / ours', decimals: 1 },
    ],
    rows: methods.map(({ label, secondsPerEpoch, ratio, paperSeconds, extrapolated }) => ({
      label: `${label}${extrapolated ? ' ~' : ''}`,
      values: {
        median: { value: secondsPerEpoch.median, interval: secondsPerEpoch.quartiles },
        'of original': { value: ratio },
        'paper (V100)': { value: paperSeconds },
        'of original ': { value: paperSeconds / (methods[0]?.paperSeconds ?? Number.NaN) },
        'paper / ours': { value: paperSeconds / secondsPerEpoch.median },
      },
    })),
  })
  const sampled = methods.filter(({ extrapolated }) => extrapolated)
  const note =
    sampled.length === 0
      ? ''
      : `\n~ extrapolated from rounds of ${range(sampled.map((each) => each.stepsPerRound))} of ${range(sampled.map((each) => each.stepsPerEpoch))} steps`
  return `${heading}\n${table}${note}\n`
}

function range(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return low === high ? String(low) : `${low}–${high}`
}
