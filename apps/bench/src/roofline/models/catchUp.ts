import type { StepCounts } from '../stepCounts.ts'
import { streamed, together, WORD, type Work } from '../work.ts'
import { driftRows } from './adam.ts'
import { WASM_PLAN, WEBGPU_PLAN } from './segmentSum.ts'

/** `linkTouches`, WebAssembly's: every run read once and its next touch written, the states of N rows read and written once a horizon. */
export function linkTouches({ touchedRows, rows, horizon }: StepCounts): Work {
  return streamed((WASM_PLAN.run + WORD) * touchedRows + (4 * WORD * rows) / horizon)
}

/** `catchUpTouched`, WebAssembly's: the states of N rows, 8 bytes, looked through once a horizon; rows that lag and are touched in it, moved. */
export function catchUpTouched(counts: StepCounts): Work {
  return together(streamed((2 * WORD * counts.rows) / counts.horizon), driftRows(counts.caughtUpRows, counts))
}

/** `catchUpAll`, WebAssembly's, at the end of an epoch: rows that lag, moved. */
export function catchUpAll(counts: StepCounts): Work {
  return driftRows(counts.settledRows, counts)
}

/** `markTouches`, WebGPU's: every run read, a word of its row's state read and written. */
export function markTouches({ touchedRows }: StepCounts): Work {
  return streamed((WEBGPU_PLAN.run + 2 * WORD) * touchedRows)
}

/** `catchUp`, WebGPU's, before a horizon and at the end of an epoch: the states of N rows, 16 bytes, and rows that lag, moved. */
export function catchUp(counts: StepCounts): Work {
  return together(
    streamed((4 * WORD * counts.rows) / counts.horizon),
    driftRows(counts.caughtUpRows + counts.settledRows, counts),
  )
}
