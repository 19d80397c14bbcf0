// MACR's towers: two rows of the table after the items, w_user and w_item, that every step touches. What a slot adds to their
// gradients is summed in the order of the slots over each piece of slots, and then over the pieces, whose sums lie among the
// snapshots: to the update each is a run with an occurrence for every piece.
import { FitBlock, Place, Run, StepBlock } from './fitBlock'
import { GRADIENT, TOWERS } from './scratch'
import { addRow, BLOCK } from './spmm'
import { copyTableRow, placeOfBlock } from './tableBlocks'
import { nextSecondPiece } from './team'
import { runsOf, sumRun, updateBytes } from './update'

/** Slots whose share of the towers' gradients is summed up together. */
export const TOWER_SLOTS: u32 = 16

/** Where a piece of slots sums up its share of the gradient of w_user; that of w_item follows. */
@inline
export function towerSums(fit: FitBlock, piece: u32): usize {
  return fit.snapshots + (2 * fit.batch + 2 * piece) * (fit.vectors << 4)
}

/** Adds the towers' runs to those of step `index`; with LightGCN, whose runs are nodes, behind the last one that counts. */
export function appendTowers(fit: FitBlock, index: u32): void {
  const positives = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).positives
  const pieces = (positives + TOWER_SLOTS - 1) / TOWER_SLOTS
  const order = fit.order + index * fit.places * offsetof<Place>()
  const count = load<u32>(fit.runCounts + (index << 2))
  let run = changetype<Run>(runsOf(fit, index) + count * offsetof<Run>())
  let begin = run.begin
  for (let tower: u32 = 0; tower < 2; tower++) {
    run.row = fit.users + fit.items + tower
    run.begin = begin
    run.triples = 0
    for (let piece: u32 = 0; piece < pieces; piece++) {
      const place = changetype<Place>(order + begin++ * offsetof<Place>())
      // The coefficient of the first slot's user, which is 1.
      place.coefficient = 0
      place.snapshot = 2 * fit.batch + 2 * piece + tower
    }
    run = changetype<Run>(changetype<usize>(run) + offsetof<Run>())
  }
  run.begin = begin
  if (fit.layers === 0) store<u32>(fit.runCounts + (index << 2), count + 2)
}

/** Copies the towers into a thread's own memory, because they are updated while others need them. */
export function copyTowers(fit: FitBlock, scratch: usize): void {
  const rowBytes = fit.vectors << 4
  const first = fit.users + fit.items
  copyTableRow(fit, first, scratch + TOWERS)
  copyTableRow(fit, first + 1, scratch + TOWERS + rowBytes)
}

/** Adds to an item's gradient what its occurrences, `order` from `begin` to `end`, owe to w_item. */
export function addTowerShare(
  fit: FitBlock,
  order: usize,
  begin: u32,
  end: u32,
  gradient: usize,
  scratch: usize,
): void {
  let share: f32 = 0
  for (let at = begin; at < end; at++) {
    const place = changetype<Place>(order + at * offsetof<Place>())
    share += load<f32>(fit.secondCoefficients + (place.coefficient << 2))
  }
  const rowBytes = fit.vectors << 4
  addRow(gradient, share, scratch + TOWERS + rowBytes, rowBytes)
}

/** LightGCN: updates the towers, which take no part in propagation. */
export function updateTowers(fit: FitBlock, index: u32, scratch: usize): void {
  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const rowBytes: usize = fit.vectors << 4
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  for (let tower = nextSecondPiece(); tower < 2; tower = nextSecondPiece()) {
    const number = count + tower
    sumRun(fit, index, runs, number, scratch + GRADIENT, scratch)
    const row = changetype<Run>(runs + number * offsetof<Run>()).row
    for (let at: usize = 0; at < rowBytes; at += BLOCK) {
      const bytes = min(BLOCK, rowBytes - at)
      updateBytes(fit, step, placeOfBlock(fit, row, at, bytes), scratch + GRADIENT + at, 0, bytes)
    }
  }
}
