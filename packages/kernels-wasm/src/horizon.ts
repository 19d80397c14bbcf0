import type { FitSpec } from '@gradrec/engine'
import { armCounterparts } from './armFields.ts'
import { towerSums } from './objectiveFields.ts'

/** Steps planned at once, at most, and the occurrences they may hold together: some 16 MiB of plan. */
const MOST_STEPS = 64
const MOST_OCCURRENCES = 1 << 19

/** Users that are kept as they were scored until the items record them: 4 MiB, so that they stay in a cache. */
const MOST_WINDOW_BYTES = 4 << 20

/** What decides how large a step's plan is. */
type PlanSpec = Pick<FitSpec, 'batch' | 'sampler' | 'objective' | 'arms'>

/**
 * Places that a step needs for its occurrences: a user, a positive and the negatives for each slot of the batch; what MACR
 * sums up for its two towers; the runs of arms' counterparts that are not drawn.
 */
export function placesPerStep(spec: PlanSpec): number {
  return spec.batch * (spec.sampler.negatives + 2) + 2 * towerSums(spec) + armCounterparts(spec)
}

/** Steps that are planned at once: a function of the spec alone, at least one. */
export function horizonSteps(spec: PlanSpec): number {
  return Math.max(1, Math.min(MOST_STEPS, Math.floor(MOST_OCCURRENCES / placesPerStep(spec))))
}

/** Steps whose users the items record together. */
export function windowSteps(spec: PlanSpec & Pick<FitSpec, 'dimension' | 'recording'>): number {
  if ((spec.recording ?? 'none') === 'none') return 1
  const steps = Math.floor(MOST_WINDOW_BYTES / (4 * spec.batch * spec.dimension))
  return Math.max(1, Math.min(steps, horizonSteps(spec)))
}
