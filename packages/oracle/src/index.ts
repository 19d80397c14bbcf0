// The seam, in float64.
export { openOracleEngine } from './oracleEngine.ts'
export { OracleFit } from './oracleFit.ts'
export { trainStep, type TrainState } from './trainStep.ts'

// Sampling.
export { sampleStep, type Samples, type SampleSpec } from './sampleStep.ts'
export { armNegatives, type ArmSlot } from './armNegatives.ts'
export { complementItem } from './complementItem.ts'
export { marginNegatives, type MarginSlot } from './marginNegatives.ts'
export { negativeRanks } from './negativeRanks.ts'
export { philoxReference } from './philoxReference.ts'

// Losses and gradients.
export { bpr, type Bpr } from './bpr.ts'
export { bprGradients, type BprGradients } from './bprGradients.ts'
export { bce, type Bce } from './bce.ts'
export { bceGradients, type BceGradients } from './bceGradients.ts'
export { pairwise, type Pairwise } from './pairwise.ts'
export { dice } from './dice.ts'
export { addArmDiscrepancy, armDiscrepancyTerm, type ArmDiscrepancyTerm } from './armDiscrepancy.ts'
export { discrepancyTerm, type DiscrepancyTerm } from './discrepancy.ts'
export { distanceCorrelation, type DistanceCorrelation } from './distanceCorrelation.ts'
export { macr, type Towers } from './macr.ts'
export type { TripleGradients, TripleItems, TripleVectors } from './tripleGradients.ts'
export { throughUnitRows, unitRows } from './userNorm.ts'
export { dataLossStep, type DataLossOptions, type DataLossStep } from './dataLossStep.ts'
export { l2Step, type L2Step } from './l2Step.ts'
export { objectiveStep, type ObjectiveOptions, type ObjectiveStep } from './objectiveStep.ts'
export { recordStep, type Recorded, type RecordOptions } from './recordStep.ts'
export { sigmoid, softplus } from './softplus.ts'
export { tripleRows, type TripleRows } from './tripleRows.ts'

// Tables.
export { gather } from './gather.ts'
export { scatterAdd } from './scatterAdd.ts'
export { dropoutMasks, type DropoutOptions } from './dropoutMasks.ts'
export { propagate } from './propagate.ts'
export { propagateBack } from './propagateBack.ts'
export { spmm } from './spmm.ts'
export { topK, type TopK } from './topK.ts'

// Optimizers.
export { adam, adamMoments, type AdamMoments, type AdamOptions } from './adam.ts'
export { sgd, type SgdOptions } from './sgd.ts'
