import type { StepCounts } from '../stepCounts.ts'
import { lookedUp, streamed, together, WORD, type Work } from '../work.ts'

/** What stands in a plan: bytes of an occurrence in its run, and of a run. */
export interface PlanBytes {
  readonly place: number
  readonly run: number
}

/** packages/kernels-wasm/assembly/fitBlock.ts: `Place`, `Run`. */
export const WASM_PLAN: PlanBytes = { place: 8, run: 16 }
/** packages/kernels/src/planner.ts: `order`, `runs`. */
export const WEBGPU_PLAN: PlanBytes = { place: 4, run: 16 }

/**
 * The scatter-add of a step, as it is done in several kernels: the gradient of each of R rows is the sum of a coefficient times one of 2P
 * vectors of 4d over the row's occurrences, P (K + 2) in all.
 *
 * Bytes: the vectors, looked up once an occurrence; the plan; coefficients. Operations: 2d an occurrence.
 */
export function sumRuns({ positives, negatives, dimension, touchedRows }: StepCounts, plan: PlanBytes): Work {
  const rowBytes = WORD * dimension
  const places = positives * (negatives + 2)
  return together(
    lookedUp(places, 2 * positives, rowBytes, 2 * positives * rowBytes),
    streamed((plan.place + WORD) * places + plan.run * touchedRows, 2 * dimension * places),
  )
}
