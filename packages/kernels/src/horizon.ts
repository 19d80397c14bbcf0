import type { FitSpec } from '@gradrec/engine'
import type { Tuning } from './tuning.ts'

/** Steps that are planned at once: as many as the tuning and the device's largest binding allow, at least one. */
export function horizonSteps(spec: FitSpec, tuning: Tuning, largestBinding: number): number {
  const occurrences = spec.batch * (spec.sampler.negatives + 2)
  // The widest plan buffer is the list of runs, eight bytes a place.
  const fits = Math.floor(Math.min(tuning.horizonOccurrences, largestBinding / 8 - 2) / occurrences)
  return Math.max(1, Math.min(tuning.horizonSteps, fits))
}
