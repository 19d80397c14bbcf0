import type { FitSpec } from '@gradrec/engine'
import { DISCREPANCIES } from './objectiveFields.ts'

/** Whether a step's rows pull at their counterparts: assembly/arms.ts. */
export function pullsArms({ arms }: Pick<FitSpec, 'arms'>): boolean {
  return arms !== undefined && arms.discrepancy.kind !== 'none'
}

/** Rows of a step, at most, that are in it only because their counterparts are. */
export function armCounterparts(spec: Pick<FitSpec, 'arms' | 'batch' | 'sampler'>): number {
  if (!pullsArms(spec)) return 0
  const { arms, batch, sampler } = spec
  return batch * (sampler.negatives + (arms?.users === 'apart' ? 2 : 1))
}

/** Fields of the fit's block. */
export function armFields({ arms }: Pick<FitSpec, 'arms'>): {
  readonly hasArms: number
  readonly armDiscrepancy: number
  readonly armWeight: number
  readonly usersApart: number
  readonly stopsTreatment: number
} {
  const { kind = 'none', weight = 0, stopGradient = 'none' } = arms?.discrepancy ?? {}
  return {
    hasArms: arms === undefined ? 0 : 1,
    armDiscrepancy: DISCREPANCIES[kind],
    armWeight: weight,
    usersApart: arms?.users === 'apart' ? 1 : 0,
    stopsTreatment: stopGradient === 'treatment' ? 1 : 0,
  }
}
