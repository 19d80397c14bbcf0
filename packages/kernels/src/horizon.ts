import type { FitShape } from '@gradrec/engine'
import type { Tuning } from './tuning.ts'

/** With propagation a step is so long, and so many dispatches, that a quarter as many of them hide what planning costs. */
const SHARE_WITH_PROPAGATION = 1 / 4

/** With lazy updates every row has a bit for each step: bytes that they may take, and the words of 32 steps that there are at least. */
const TOUCH_BYTES = 1 << 26
const FEWEST_TOUCH_WORDS = 2

/** Steps that are planned at once: as many as the tuning and the device's largest binding allow, at least one. */
export function horizonSteps(spec: FitShape, tuning: Tuning, largestBinding: number): number {
  const { batch, sampler, optimizer, backbone } = spec
  const occurrences = batch * (sampler.negatives + 2)
  // The widest plan buffer is the list of runs, sixteen bytes a place.
  const fits = Math.floor(Math.min(tuning.horizonOccurrences, largestBinding / 16 - 2) / occurrences)
  const isLazy = optimizer.kind === 'adam' && optimizer.update === 'lazy'
  const share = backbone.kind === 'mf' ? 1 : SHARE_WITH_PROPAGATION
  return Math.max(1, Math.min(Math.ceil(share * tuning.horizonSteps), isLazy ? mostLazySteps(spec) : Infinity, fits))
}

function mostLazySteps({ interactions }: Pick<FitShape, 'interactions'>): number {
  const rows = interactions.rows + interactions.columnCount
  return 32 * Math.max(FEWEST_TOUCH_WORDS, Math.floor(TOUCH_BYTES / 4 / rows))
}
