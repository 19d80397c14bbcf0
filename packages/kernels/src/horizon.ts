import type { FitShape } from '@gradrec/engine'
import type { Tuning } from './tuning.ts'

/** Steps of a horizon that a row's state has bits for, with lazy updates. */
export const MOST_LAZY_STEPS = 64

/** Steps that are planned at once: as many as the tuning and the device's largest binding allow, at least one. */
export function horizonSteps(spec: FitShape, tuning: Tuning, largestBinding: number): number {
  const occurrences = spec.batch * (spec.sampler.negatives + 2)
  // The widest plan buffer is the list of runs, eight bytes a place.
  const fits = Math.floor(Math.min(tuning.horizonOccurrences, largestBinding / 8 - 2) / occurrences)
  const { optimizer } = spec
  const isLazy = optimizer.kind === 'adam' && optimizer.update === 'lazy'
  return Math.max(1, Math.min(tuning.horizonSteps, isLazy ? MOST_LAZY_STEPS : Infinity, fits))
}
