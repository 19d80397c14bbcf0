// Two arms of an experiment in one table (packages/engine/src/arms.ts): of n items, rows c and c + n are counterparts, and so are
// users u and u + U where the arms have their own. Counterparts pull at each other: with X and Y any two of D pairs,
//
//   l1: ∂/∂X = weight · sign(X − Y) / (D d)      l2: ∂/∂X = weight · 2 (X − Y) / (D d)      and with X and Y exchanged for Y.
//
// So that both rows of a pair get their gradient where the step has drawn one of them, the other has a run without an occurrence.
import { DISCREPANCY_L1, FitBlock, Run, StepBlock } from './fitBlock'
import { slopeOf } from './slopeOf'
import { scaleRow } from './spmm'
import { nextSecondPiece } from './team'
import { runsOf } from './update'

/** Runs handed out at once. */
const RUNS: u32 = 16

/** The row that `row` has in the other arm, or itself where both arms share it. */
@inline
function counterpartOf(fit: FitBlock, row: u32): u32 {
  if (row >= fit.users) {
    const items = fit.items >> 1
    return row < fit.users + items ? row + items : row - items
  }
  if (!fit.usersApart) return row
  const users = fit.users >> 1
  return row < users ? row + users : row - users
}

@inline
function isOfTreatment(fit: FitBlock, row: u32): bool {
  return row < fit.users ? row >= fit.users >> 1 : row - fit.users >= fit.items >> 1
}

/**
 * Adds runs for the counterparts that step `index` has not drawn.
 *
 * @param runOfRow as `groupStep` has left it
 */
export function appendCounterparts(fit: FitBlock, index: u32, runOfRow: usize): void {
  const runs = runsOf(fit, index)
  const drawn = load<u32>(fit.runCounts + (index << 2))
  const end = changetype<Run>(runs + drawn * offsetof<Run>()).begin
  let count = drawn
  for (let number: u32 = 0; number < drawn; number++) {
    const row = changetype<Run>(runs + number * offsetof<Run>()).row
    const counterpart = counterpartOf(fit, row)
    const found = load<u32>(runOfRow + (counterpart << 2))
    if (found < drawn && changetype<Run>(runs + found * offsetof<Run>()).row === counterpart) continue
    const run = changetype<Run>(runs + count++ * offsetof<Run>())
    run.row = counterpart
    run.begin = end
    run.triples = 0
  }
  changetype<Run>(runs + count * offsetof<Run>()).begin = end
  store<u32>(fit.runCounts + (index << 2), count)
}

/** Matrix factorisation: copies the step's rows to `finalRows`, because some are updated while their counterparts need them. */
export function keepRows(fit: FitBlock, index: u32): void {
  const rowBytes: usize = fit.vectors << 4
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const pieces = (count + RUNS - 1) / RUNS
  for (let piece = nextSecondPiece(); piece < pieces; piece = nextSecondPiece()) {
    const end = min(count, (piece + 1) * RUNS)
    for (let number = piece * RUNS; number < end; number++) {
      const row = changetype<Run>(runs + number * offsetof<Run>()).row
      scaleRow(fit.finalRows + number * rowBytes, fit.table + row * rowBytes, 1, rowBytes)
    }
  }
}

/** Adds to the gradient of a run's row what pulls it towards its counterpart; after `markRows`. */
export function addPull(fit: FitBlock, index: u32, number: u32, row: u32, gradient: usize): void {
  const counterpart = counterpartOf(fit, row)
  if (counterpart === row) return
  if (fit.stopsTreatment && isOfTreatment(fit, row)) return
  const users = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).distinctUsers
  const rows = row < fit.users ? users : load<u32>(fit.runCounts + (index << 2)) - users
  const rowBytes: usize = fit.vectors << 4
  const own = fit.finalRows + number * rowBytes
  const other = fit.finalRows + load<u32>(fit.runOfRow + (counterpart << 2)) * rowBytes
  const scale = f32x4.splat(fit.armWeight / (<f32>(rows >> 1) * <f32>(fit.vectors << 2)))
  const isL1 = fit.armDiscrepancy === DISCREPANCY_L1
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const slope = slopeOf(isL1, f32x4.sub(v128.load(own + at), v128.load(other + at)))
    v128.store(gradient + at, f32x4.add(v128.load(gradient + at), f32x4.mul(scale, slope)))
  }
}
