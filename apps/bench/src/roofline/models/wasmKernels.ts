import type { KernelModel } from '../work.ts'
import { updateAllRows, updateRuns } from './adam.ts'
import { catchUpAll, catchUpFirst, linkTouches } from './catchUp.ts'
import { groupStep, sample, sumLosses } from './plan.ts'
import {
  backwardLayer,
  clearGradients,
  firstBackwardLayer,
  forwardLayer,
  lastForwardLayer,
  markRows,
  scaleTable,
  sumFinalGradients,
} from './propagateWasm.ts'
import { recordItems } from './recording.ts'
import { scoreWasm } from './score.ts'

/** By the phases' names in profiles: packages/kernels-wasm/assembly/phases.ts. */
export const WASM_KERNELS: Readonly<Record<string, KernelModel>> = {
  sampleStep: sample,
  groupStep,
  linkTouches,
  catchUpFirst,
  markRows,
  scaleTable,
  forwardLayer,
  lastForwardLayer,
  score: scoreWasm,
  recordItems,
  clearGradients,
  sumFinalGradients,
  firstBackwardLayer,
  backwardLayer,
  updateRuns,
  updateAllRows,
  sumLosses,
  catchUpAll,
}
