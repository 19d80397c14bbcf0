export type { ArmDiscrepancy, Arms } from './arms.ts'
export { NO_ITEM, type Corrections, type DeviceInfo, type Engine, type Ranking, type RankOptions } from './engine.ts'
export {
  positivesInStep,
  stepsPerEpoch,
  tableRows,
  type Backbone,
  type Embeddings,
  type Fit,
  type FitSpec,
  type FitState,
  type LightGcn,
  type Optimizer,
  type Recording,
  type StepsReport,
} from './fit.ts'
export { interactionShape, type FitShape, type InteractionShape } from './fitShape.ts'
export {
  formatBytes,
  hostParts,
  memoryExcess,
  memoryPlan,
  type MemoryExcess,
  type MemoryLimit,
  type MemoryPart,
  type MemoryPlan,
} from './memoryPlan.ts'
export { checkMemory, describeParts, MemoryError } from './memoryError.ts'
export { largestProblem } from './largestProblem.ts'
export { canProfile, type KernelTime, type Profile, type ProfiledFit } from './profile.ts'
export type { DiceObjective, Discrepancy, MacrObjective, Objective, PairwiseObjective } from './objective.ts'
export type { PopularityMargin, Sampler } from './sampler.ts'
export { popularityOrder, wholeMargin, type PopularityOrder } from './popularityOrder.ts'
export { checkFitSpec, checkLearningRate, FIT_LIMITS } from './checkFitSpec.ts'
export { checkCorrections, checkRankInput, LONGEST_LIST, MOST_CORRECTIONS } from './checkRankInput.ts'
export { columnCounts, csrFromPairs, rowColumns, rowOfEachEntry, transpose, type Csr } from './csr.ts'
export { interactionGraph, transposedGraph, type Graph, type GraphOptions } from './graph.ts'
export type { Matrix } from './matrix.ts'
export { DeviceLostError, DeviceUnavailableError, GradrecError, LimitError, SpecError } from './errors.ts'
export { keyOfSeed, multiplyHigh, philox4x32, Stream, type Counter, type Key, type Words } from './random/philox.ts'
export { philoxWords } from './random/philoxWords.ts'
export { boundedInteger } from './random/bounded.ts'
export { permutationHalfBits, permutationKeys, permute } from './random/permutation.ts'
export { dropoutScale, dropoutThreshold, isKept } from './random/dropout.ts'
export { normalPair, uniformReal } from './random/real.ts'
export { AdamDrift, spanNumber, type AdamOptimizer, type DriftTable } from './adamDrift.ts'
