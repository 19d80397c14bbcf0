import { textTable, type Estimate } from '@gradrec/report'
import type { MeasuredPeer, SkippedPeer } from './measurePeers.ts'
import type { PeerModel, TrainingSettings } from './trainingSettings.ts'

const TITLES = { mf: 'Matrix factorisation', lgn: 'LightGCN' } as const

/** One model's peers as a table for a terminal, with what the table does not say below it. */
export function describePeers(model: PeerModel, measured: readonly MeasuredPeer[], settings: TrainingSettings): string {
  const { dimension, batches, layers } = settings
  const first = measured[0]?.label ?? 'the first'
  const of = model === 'mf' ? '' : `, ${layers} layers`
  const heading = `${TITLES[model]} with BPR, d ${dimension}${of}, ${batches[model]} positives × 1 negative a step: thousand triples per second`
  const table = textTable({
    columns: [
      { label: 'with sampling', decimals: 1 },
      { label: 'steps only', decimals: 1 },
      { label: 'first / this', decimals: 2 },
      { label: 'Recall@20', decimals: 4 },
      { label: 'peak MiB', decimals: 0 },
    ],
    rows: measured.map((peer) => ({
      label: `${peer.label} (${peer.optimizer})`,
      values: {
        'with sampling': thousands(peer.triplesPerSecond),
        ...(peer.preparedTriplesPerSecond && { 'steps only': thousands(peer.preparedTriplesPerSecond) }),
        'first / this': { value: peer.firstIsFasterBy },
        ...(peer.recall !== undefined && { 'Recall@20': { value: peer.recall } }),
        'peak MiB': { value: peer.peakBytes / 2 ** 20 },
      },
    })),
  })
  return [heading, table, `first / this: ${first} is that many times as fast`, ...notes(measured), ''].join('\n')
}

/** `implicit and PyTorch …: not measured: why; install with …`: one line for peers that fail alike. */
export function describeSkipped(skipped: readonly SkippedPeer[]): readonly string[] {
  const alike = new Map<string, SkippedPeer[]>()
  for (const peer of skipped) {
    const why = peer.why.replace(`${peer.label}: `, '')
    const key = `${why}\n${peer.install ?? ''}`
    alike.set(key, [...(alike.get(key) ?? []), peer])
  }
  return [...alike].map(([key, peers]) => {
    const [why, install] = key.split('\n')
    const labels = [...new Set(peers.map(({ label }) => label))].join('; ')
    return `not measured: ${labels}: ${why}${install === '' ? '' : `; to install: ${install}`}`
  })
}

function notes(measured: readonly MeasuredPeer[]): readonly string[] {
  const texts = new Set<string>()
  for (const { name, label, note, notJudged } of measured) {
    if (note !== undefined) texts.add(`${name}: ${note}`)
    if (notJudged !== undefined) texts.add(`${label}: no recall: ${notJudged}`)
  }
  return [...texts]
}

function thousands({
  median,
  quartiles: [low, high],
}: {
  readonly median: number
  readonly quartiles: readonly [number, number]
}): Estimate {
  return { value: median / 1000, interval: [low / 1000, high / 1000] }
}
