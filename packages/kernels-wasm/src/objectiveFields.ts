import type { FitShape, FitSpec } from '@gradrec/engine'
import type { LinearMemory } from './linearMemory.ts'
import { sizes } from './wasm.generated.ts'

/** What an objective keeps in the engine's memory; see assembly/fitBlock.ts. */
type ObjectiveArray = 'scoreFactors' | 'lossWeights' | 'popularity' | 'secondCoefficients'

/** `FitBlock.objective` by name. */
const OBJECTIVES = { bpr: 0, bce: 0, dice: 1, macr: 2 } as const
/** `FitBlock.discrepancy` and `FitBlock.armDiscrepancy` by name. */
export const DISCREPANCIES = { none: 0, l1: 1, l2: 2, dCor: 3 } as const

/** Sums that MACR's two towers are gathered in, for each of them: assembly/towers.ts. */
export function towerSums({ objective, batch }: Pick<FitSpec, 'objective' | 'batch'>): number {
  return objective.kind === 'macr' ? Math.ceil(batch / sizes.towerSlots) : 0
}

/** Bytes of each array. */
export function objectiveSizes({ objective, interactions }: FitShape, places: number): Record<ObjectiveArray, number> {
  const items = 4 * interactions.columnCount
  const none = { scoreFactors: 0, lossWeights: 0, popularity: 0, secondCoefficients: 0 }
  switch (objective.kind) {
    case 'dice':
      return { ...none, popularity: items, secondCoefficients: 4 * places }
    case 'macr':
      return { ...none, secondCoefficients: 4 * places }
    default:
      return {
        ...none,
        scoreFactors: objective.scoreFactors === undefined ? 0 : items,
        lossWeights: objective.lossWeights === undefined ? 0 : items,
      }
  }
}

export function writeObjective(
  memory: LinearMemory,
  { objective, interactions }: FitSpec,
  at: Readonly<Record<ObjectiveArray, number>>,
): void {
  const items = interactions.columnCount
  if (objective.kind === 'macr') return
  if (objective.kind === 'dice') {
    memory.words(at.popularity, items).set(objective.popularity)
    return
  }
  const { scoreFactors, lossWeights } = objective
  if (scoreFactors !== undefined) memory.floats(at.scoreFactors, items).set(scoreFactors)
  if (lossWeights !== undefined) memory.floats(at.lossWeights, items).set(lossWeights)
}

interface ObjectiveFields {
  readonly objective: number
  readonly l2: number
  readonly isCrossEntropy: number
  readonly negativeWeight: number
  readonly unitUsers: number
  readonly adjustsScores: number
  readonly isElu: number
  readonly discrepancy: number
  readonly discrepancyWeight: number
  readonly itemWeight: number
  readonly userWeight: number
}

/** Fields of the fit's block; 0 for those that the objective does not have. */
export function objectiveFields({ objective }: FitSpec): ObjectiveFields {
  const fields: ObjectiveFields = {
    objective: OBJECTIVES[objective.kind],
    l2: objective.l2,
    isCrossEntropy: 0,
    negativeWeight: 1,
    unitUsers: 0,
    adjustsScores: 0,
    isElu: 0,
    discrepancy: 0,
    discrepancyWeight: 0,
    itemWeight: 0,
    userWeight: 0,
  }
  switch (objective.kind) {
    case 'dice': {
      const { kind, weight } = objective.discrepancy
      return { ...fields, discrepancy: DISCREPANCIES[kind], discrepancyWeight: weight }
    }
    case 'macr':
      return { ...fields, itemWeight: objective.itemWeight, userWeight: objective.userWeight }
    default: {
      const { kind, negativeWeight = 1, userNorm, link, scoreFactors, lossWeights } = objective
      const isElu = link === 'elu'
      const adjustsScores = isElu || scoreFactors !== undefined || lossWeights !== undefined
      return {
        ...fields,
        isCrossEntropy: kind === 'bce' ? 1 : 0,
        negativeWeight,
        unitUsers: userNorm === 'unit' ? 1 : 0,
        adjustsScores: adjustsScores ? 1 : 0,
        isElu: isElu ? 1 : 0,
      }
    }
  }
}

/** A step's fields in epoch `epoch`. */
export function stepWeights(
  { objective }: FitSpec,
  epoch: number,
): { readonly interest: number; readonly conformity: number } {
  if (objective.kind !== 'dice') return { interest: 0, conformity: 0 }
  const { interest, conformity, decay } = objective
  return { interest: interest * decay ** epoch, conformity: conformity * decay ** epoch }
}
