import type { StepCounts } from '../stepCounts.ts'
import { streamed, together, WORD, type Work } from '../work.ts'
import { recordRepeatedUsers, recordRuns } from './recording.ts'
import { sumRuns, WASM_PLAN, WEBGPU_PLAN } from './segmentSum.ts'

/** Of Adam's step for one number: decay 2, m 3, root of the second moment's share 1, v 3, √ 1, the step 5. Amsgrad's maximum is none. */
const ADAM_OPERATIONS = 15
/** Of a lazy row's drift for one number: one block of `AdamDrift` 12, and both moments' decay. Long spans have more blocks. */
const DRIFT_OPERATIONS = 14

/** Adam for so many rows: θ and S moments of 4d read and written. */
export function adamRows(rows: number, { dimension, moments }: StepCounts): Work {
  return streamed(2 * (1 + moments) * WORD * dimension * rows, ADAM_OPERATIONS * dimension * rows)
}

/** Rows moved by the closed form of steps without a gradient: as many bytes as Adam, and a root besides. */
export function driftRows(rows: number, { dimension, moments }: StepCounts): Work {
  return streamed(2 * (1 + moments) * WORD * dimension * rows, (DRIFT_OPERATIONS + 3) * dimension * rows)
}

/** Lazy Adam for the R rows of a step, and their drift in the same go. */
function updateLazily(counts: StepCounts): Work {
  return together(
    adamRows(counts.touchedRows, counts),
    streamed(0, DRIFT_OPERATIONS * counts.dimension * counts.touchedRows),
  )
}

/** `updateRuns`, WebAssembly's: the scatter-add and lazy Adam for the R rows of a step. */
export function updateRuns(counts: StepCounts): Work {
  return together(
    sumRuns(counts, WASM_PLAN),
    updateLazily(counts),
    ...(counts.records ? [recordRepeatedUsers(counts)] : []),
  )
}

/** `updateAllRows`, WebAssembly's: the scatter-add, and dense Adam for all N rows. */
export function updateAllRows(counts: StepCounts): Work {
  return together(
    sumRuns(counts, WASM_PLAN),
    adamRows(counts.rows, counts),
    streamed(WORD * counts.rows),
    ...(counts.records ? [recordRepeatedUsers(counts)] : []),
  )
}

/** `lazyAdam`, WebGPU's: the same as `updateRuns`, with what is recorded and the last step of R rows, 4 bytes at most. */
export function lazyAdam(counts: StepCounts): Work {
  return together(
    sumRuns(counts, WEBGPU_PLAN),
    updateLazily(counts),
    streamed(WORD * counts.touchedRows),
    ...(counts.records ? [recordRuns(counts)] : []),
  )
}

/** `adam`, WebGPU's: dense Adam for all N rows, whose gradients of 4d are read, with a mark of eight bytes each. */
export function adam(counts: StepCounts): Work {
  return together(adamRows(counts.rows, counts), streamed((WORD * counts.dimension + 2 * WORD) * counts.rows))
}
