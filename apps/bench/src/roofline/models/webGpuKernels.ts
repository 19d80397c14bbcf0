import type { KernelModel } from '../work.ts'
import { adam, lazyAdam } from './adam.ts'
import { catchUp, linkTouchesWebGpu, markTouches } from './catchUp.ts'
import { countDigits, countRuns, sample, scanCounts, scatterKeys, sumLosses, writeRuns } from './plan.ts'
import { addLayer, dropRows, markRows, segmentSum, spmm, spmmLongRows } from './propagateWebGpu.ts'
import { scoreWebGpu } from './score.ts'

/** By the kernels' names in profiles: packages/kernels/src/kernels/*.wgsl. */
export const WEBGPU_KERNELS: Readonly<Record<string, KernelModel>> = {
  sample,
  countDigits,
  scanCounts,
  scatterKeys,
  countRuns,
  writeRuns,
  markTouches,
  linkTouches: linkTouchesWebGpu,
  catchUp,
  markRows,
  spmm,
  spmmLongRows,
  addLayer,
  score: scoreWebGpu,
  segmentSum,
  dropRows,
  adam,
  lazyAdam,
  sumLosses,
}
