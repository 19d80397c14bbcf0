export { NO_ITEM, type DeviceInfo, type Engine, type Ranking, type RankOptions } from './engine.ts'
export {
  positivesInStep,
  stepsPerEpoch,
  type Backbone,
  type Embeddings,
  type Fit,
  type FitSpec,
  type FitState,
  type Objective,
  type Optimizer,
  type Sampler,
  type StepsReport,
} from './fit.ts'
export { checkFitSpec, FIT_LIMITS } from './checkFitSpec.ts'
export { checkRankInput, LONGEST_LIST } from './checkRankInput.ts'
export { columnCounts, csrFromPairs, rowColumns, rowOfEachEntry, transpose, type Csr } from './csr.ts'
export { symmetricGraph, type Graph } from './graph.ts'
export type { Matrix } from './matrix.ts'
export { DeviceLostError, DeviceUnavailableError, GradrecError, LimitError, SpecError } from './errors.ts'
export { keyOfSeed, multiplyHigh, philox4x32, Stream, type Counter, type Key, type Words } from './random/philox.ts'
export { boundedInteger } from './random/bounded.ts'
export { permutationHalfBits, permutationKeys, permute } from './random/permutation.ts'
export { normalPair, uniformReal } from './random/real.ts'
export { AdamDrift, spanNumber, type AdamOptimizer, type DriftTable } from './adamDrift.ts'
