// The second half of a step: rows get their gradient and are updated at once, while the gradient is in the cache.
import { adamRow } from './adam'
import { addPull } from './arms'
import { sumHalves } from './diceGradient'
import { DICE, DISCREPANCY_NONE, FitBlock, MACR, Place, RECORDS_NOTHING, RowState, Run, StepBlock } from './fitBlock'
import { lazyAdamRow } from './lazyAdam'
import { recordRepeatedUser } from './recordUsers'
import { GRADIENT, TOUCHED, ZEROS } from './scratch'
import { segmentSum } from './segmentSum'
import { sgdRow } from './sgd'
import { nextPiece } from './team'
import { addTowerShare } from './towers'

/** Rows, or runs, handed out at once. */
const PIECE: u32 = 16

/** Rows of a table that is gone through from end to end: enough for the processor to fetch ahead of where a thread is. */
const STRETCH: u32 = 512

/** Where step `index` of the horizon keeps its runs. */
@inline
export function runsOf(fit: FitBlock, index: u32): usize {
  return fit.runs + index * (fit.places + 1) * offsetof<Run>()
}

/** Notes for every row of the step which run is its own. */
export function markRows(fit: FitBlock, index: u32): void {
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const size: u32 = 256
  const pieces = (count + size - 1) / size
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const end = min(count, (piece + 1) * size)
    for (let number = piece * size; number < end; number++) {
      const row = changetype<Run>(runs + number * offsetof<Run>()).row
      store<u32>(fit.runOfRow + (row << 2), number)
    }
  }
}

/** The row's run in a step with `count` runs, or `count` if it has none; after `markRows`. */
@inline
export function runOf(runOfRow: usize, runs: usize, count: u32, row: u32): u32 {
  const number = load<u32>(runOfRow + (row << 2))
  if (number >= count) return count
  return changetype<Run>(runs + number * offsetof<Run>()).row === row ? number : count
}

/** Sums the gradient of run `number` of step `index` into `gradient`, and ends the recording of its row. */
@inline
export function sumRun(fit: FitBlock, index: u32, runs: usize, number: u32, gradient: usize, scratch: usize): void {
  const run = changetype<Run>(runs + number * offsetof<Run>())
  const next = changetype<Run>(runs + (number + 1) * offsetof<Run>())
  const order = fit.order + index * fit.places * offsetof<Place>()
  if (fit.objective === DICE) {
    sumHalves(fit, index, order, run.begin, next.begin, number, run.row, gradient)
    return
  }
  const rowBytes = fit.vectors << 4
  segmentSum(order, run.begin, next.begin, fit.coefficients, fit.snapshots, rowBytes, gradient, rowBytes)
  // row − users wraps around for users, and the towers come after the items.
  if (fit.objective === MACR && run.row - fit.users < fit.items) {
    addTowerShare(fit, order, run.begin, next.begin, gradient, scratch)
  }
  if (fit.armDiscrepancy !== DISCREPANCY_NONE) addPull(fit, index, number, run.row, gradient)
  if (fit.recording !== RECORDS_NOTHING) recordRepeatedUser(fit, index, runs + number * offsetof<Run>())
}

/**
 * The optimizer's step for a row, or a part of one.
 *
 * @param at where it begins in the table, in bytes
 * @param triples how many of the step's triples the row takes part in
 */
@inline
export function updateBytes(fit: FitBlock, step: StepBlock, at: usize, gradient: usize, triples: u32, bytes: usize): void {
  const decay = fit.l2 * (<f32>triples * step.inverseTriples) + fit.weightDecay
  if (fit.isAdam) adamRow(fit, step, at, gradient, decay, bytes)
  else sgdRow(fit, step, at, gradient, decay, bytes)
}

@inline
function updateRow(fit: FitBlock, step: StepBlock, row: u32, gradient: usize, triples: u32): void {
  const rowBytes = fit.vectors << 4
  updateBytes(fit, step, row * rowBytes, gradient, triples, rowBytes)
}

/**
 * Asks for the cache lines of a row before they are needed. All are on their way at once; the arithmetic between the loads of
 * the update lets only a few be. WebAssembly has no prefetch, so the sum is stored for the loads to stay.
 */
@inline
export function touchRow(fit: FitBlock, row: u32, scratch: usize): void {
  const at = (row * fit.vectors) << 4
  const bytes = fit.vectors << 4
  let sum: u32 = 0
  for (let f = at; f < at + bytes; f += 64) sum += load<u32>(fit.table + f)
  if (fit.isAdam) for (let f = at; f < at + bytes; f += 64) sum += load<u32>(fit.m + f) + load<u32>(fit.v + f)
  store<u32>(scratch + TOUCHED, sum)
}

/** Updates the step's own rows only: for optimizers that leave the others where they are, or move them later. */
export function updateRuns(fit: FitBlock, index: u32, scratch: usize): void {
  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const gradient = scratch + GRADIENT
  const pieces = (count + PIECE - 1) / PIECE
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const end = min(count, (piece + 1) * PIECE)
    for (let number = piece * PIECE; number < end; number++) {
      const run = changetype<Run>(runs + number * offsetof<Run>())
      touchRow(fit, run.row, scratch)
      sumRun(fit, index, runs, number, gradient, scratch)
      if (fit.isLazy) updateLazily(fit, step, index, run, gradient)
      else updateRow(fit, step, run.row, gradient, run.triples)
    }
  }
}

@inline
function updateLazily(fit: FitBlock, step: StepBlock, index: u32, run: Run, gradient: usize): void {
  const decay = fit.l2 * (<f32>run.triples * step.inverseTriples)
  const begin = index + 1
  lazyAdamRow(fit, step, (run.row * fit.vectors) << 4, gradient, decay, begin, run.next - begin)
  if (run.next === fit.horizon) {
    changetype<RowState>(fit.rowStates + run.row * offsetof<RowState>()).upTo = fit.done + fit.horizon
  }
}

/** Updates every row, with a gradient of zero where the step did not touch it; after `markRows`. */
export function updateAllRows(fit: FitBlock, index: u32, scratch: usize): void {
  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const gradient = scratch + GRADIENT
  const pieces = (fit.rows + STRETCH - 1) / STRETCH
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const end = min(fit.rows, (piece + 1) * STRETCH)
    for (let row = piece * STRETCH; row < end; row++) {
      const number = runOf(fit.runOfRow, runs, count, row)
      if (number === count) {
        updateRow(fit, step, row, scratch + ZEROS, 0)
        continue
      }
      sumRun(fit, index, runs, number, gradient, scratch)
      updateRow(fit, step, row, gradient, changetype<Run>(runs + number * offsetof<Run>()).triples)
    }
  }
}
