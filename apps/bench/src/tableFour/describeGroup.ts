import { textTable } from '@gradrec/report'
import type { TimedGroup } from './tableFour.ts'

const TITLES = { ml10m: 'MovieLens-10M', netflix: 'Netflix', mf: 'MF', lgn: 'LightGCN' } as const

/** A group as a table for a terminal. */
export function describeGroup(group: TimedGroup): string {
  const { dataset, source, backbone, batch, batchOf, methods } = group
  const simulated = source === 'simulated' ? ' (simulated: same users, items, interactions and popularity)' : ''
  const whose = batchOf === 'paper' ? 'the paper’s batch' : 'a batch that suits the device'
  const heading = `${TITLES[dataset]}${simulated}, ${TITLES[backbone]}, ${batch} positives × 4 negatives (${whose}): seconds per epoch [half of the rounds], beside the paper’s on a V100`
  const table = textTable({
    columns: [
      { label: 'seconds', decimals: 2 },
      { label: '× original', decimals: 2 },
      { label: 'V100 seconds', decimals: 0 },
      { label: 'V100 × original', decimals: 2 },
      { label: 'V100 / here', decimals: 1 },
      { label: 'set-up', decimals: 2 },
    ],
    rows: methods.map(({ label, secondsPerEpoch, ratio, paperSeconds, extrapolated, setupSeconds }) => ({
      label: `${label}${extrapolated ? ' ~' : ''}`,
      values: {
        seconds: { value: secondsPerEpoch.median, interval: secondsPerEpoch.quartiles },
        '× original': { value: ratio },
        'V100 seconds': { value: paperSeconds },
        'V100 × original': { value: paperSeconds / (methods[0]?.paperSeconds ?? Number.NaN) },
        'V100 / here': { value: paperSeconds / secondsPerEpoch.median },
        'set-up': { value: setupSeconds },
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
