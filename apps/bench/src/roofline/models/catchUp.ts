import type { StepCounts } from '../stepCounts.ts'
import { streamed, together, WORD, type Work } from '../work.ts'
import { driftRows } from './adam.ts'
import { WASM_PLAN, WEBGPU_PLAN } from './segmentSum.ts'

/** `linkTouches`, WebAssembly's: every run read once and its next touch written, the states of N rows read and written once a horizon. */
export function linkTouches({ touchedRows, rows, horizon }: StepCounts): Work {
  return streamed((WASM_PLAN.run + WORD) * touchedRows + (4 * WORD * rows) / horizon)
}

/**
 * `catchUpFirst`, WebAssembly's: of the R rows of the next step, whose runs and states of 8 bytes are looked at, those that lag and that no step
 * of the horizon has touched yet, moved.
 */
export function catchUpFirst(counts: StepCounts): Work {
  const { touchedRows, caughtUpRows } = counts
  return together(streamed((WASM_PLAN.run + 2 * WORD) * touchedRows), driftRows(caughtUpRows, counts))
}

/** `catchUpAll`, WebAssembly's, at the end of an epoch: rows that lag, moved. */
export function catchUpAll(counts: StepCounts): Work {
  return driftRows(counts.settledRows, counts)
}

/** `markTouches`, WebGPU's: every run read, a word of its row's marks read and written. */
export function markTouches({ touchedRows }: StepCounts): Work {
  return streamed((WEBGPU_PLAN.run + 2 * WORD) * touchedRows)
}

/** `linkTouches`, WebGPU's: every run read, a word of its row's marks looked at, the next touch written. */
export function linkTouchesWebGpu({ touchedRows }: StepCounts): Work {
  return streamed((WEBGPU_PLAN.run + 2 * WORD) * touchedRows)
}

/**
 * `catchUp`, WebGPU's, before a horizon and at the end of an epoch: of N rows the last step, 4 bytes, and the marks, a bit for each step, and
 * rows that lag, moved.
 */
export function catchUp(counts: StepCounts): Work {
  const { rows, horizon } = counts
  return together(
    streamed(((1 + Math.ceil(horizon / 32)) * WORD * rows) / horizon),
    driftRows(counts.caughtUpRows + counts.settledRows, counts),
  )
}
