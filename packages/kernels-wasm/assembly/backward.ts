// LightGCN's way back: the same layers as forward, with the scales exchanged, carry the gradients of a step's final embeddings to the
// table, whose rows are updated as soon as their gradient is known.
//
// Only the step's rows have a gradient to begin with. Where that leaves few edges to count, the first layer back lists them for each row;
// where it leaves many, looking for them costs more than it saves, and the layer sums over all, with zeros for the others. Users' rows
// and items' rows are told apart, because a batch that has 5 % of the users may have all popular items. Both give the same bits.
import { maskBlock } from './dropout'
import { FitBlock, Run, StepBlock } from './fitBlock'
import { BACKWARD_LAYER, CLEAR_GRADIENTS, endPhase, FIRST_BACKWARD_LAYER, SUM_FINAL_GRADIENTS } from './phases'
import { blockOfLayer, blocksOf, columnScaleOf, degreeOf, firstOfRange, rowScaleOf, RUNS, sumNeighbours } from './propagation'
import { GRADIENT, RUN_OF_ROW } from './scratch'
import { BLOCK, finishRow, scaleRow, sumRows } from './spmm'
import { placeOfBlock } from './tableBlocks'
import { nextPiece, nextSecondPiece, nextThirdPiece } from './team'
import { sumTiledRows, tiledRanges, tilesOf } from './tiles'
import { runsOf, sumRun, updateBytes } from './update'

/** `FitBlock.runOfRow` of a row that the step does not touch. */
const NO_RUN: u32 = 0xffff_ffff

/** A side sums over all its edges where the step's rows have more than one of so many. */
const FEW: u32 = 3

/** Whether users' rows, and items' rows, sum over all their edges in the first layer back. */
let usersSumAll: bool = false
let itemsSumAll: bool = false

/** Carries the gradients back to the table and updates it. */
export function backwardStep(fit: FitBlock, index: u32, scratch: usize): void {
  chooseSums(fit, index)
  if (usersSumAll || itemsSumAll) {
    clearGradients(fit)
    endPhase(fit, CLEAR_GRADIENTS)
  }
  sumFinalGradients(fit, index, scratch)
  endPhase(fit, SUM_FINAL_GRADIENTS)
  if (!usersSumAll || !itemsSumAll) sumTouched(fit, index, scratch)
  if (usersSumAll || itemsSumAll) backwardLayer(fit, index, 1, scratch)
  endPhase(fit, FIRST_BACKWARD_LAYER)
  for (let layer: u32 = 2; layer <= fit.layers; layer++) {
    backwardLayer(fit, index, layer, scratch)
    endPhase(fit, BACKWARD_LAYER)
  }
}

/** Every thread finds the same. */
function chooseSums(fit: FitBlock, index: u32): void {
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  let fromUsers: u32 = 0
  let fromItems: u32 = 0
  for (let number: u32 = 0; number < count; number++) {
    const row = changetype<Run>(runs + number * offsetof<Run>()).row
    if (row < fit.users) fromUsers += degreeOf(fit, row)
    else fromItems += degreeOf(fit, row)
  }
  const few = fit.interactions / FEW
  usersSumAll = fromItems > few
  itemsSumAll = fromUsers > few
}

/** Where gradients begin their way back: layer 0, which the way forward is done with. */
function clearGradients(fit: FitBlock): void {
  const rowBytes: usize = fit.vectors << 4
  for (let piece = nextPiece(); piece < fit.pieceCount; piece = nextPiece()) {
    const row = load<u32>(fit.pieces + (piece << 2))
    const rows = load<u32>(fit.pieces + (piece << 2), 4) - row
    for (let at: usize = 0; at < rowBytes; at += BLOCK) {
      const bytes = min(BLOCK, rowBytes - at)
      memory.fill(blockOfLayer(fit, 0, at) + row * bytes, 0, rows * bytes)
    }
  }
}

/**
 * Gradients by the final embeddings of the step's rows, into `finalGradients`, and multiplied by the rows' scales and masks: by runs
 * for those who list them, and into layer 0 for those who sum over all.
 */
function sumFinalGradients(fit: FitBlock, index: u32, scratch: usize): void {
  const rowBytes: usize = fit.vectors << 4
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const pieces = (count + RUNS - 1) / RUNS
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const end = min(count, (piece + 1) * RUNS)
    for (let number = piece * RUNS; number < end; number++) {
      const gradient = fit.finalGradients + number * rowBytes
      sumRun(fit, index, runs, number, gradient, scratch)
      const row = changetype<Run>(runs + number * offsetof<Run>()).row
      const scaled = fit.scaledGradients + number * rowBytes
      for (let at: usize = 0; at < rowBytes; at += BLOCK) {
        const bytes = min(BLOCK, rowBytes - at)
        scaleRow(scaled + at, gradient + at, rowScaleOf(fit, row), bytes)
        if (fit.dropoutThreshold !== 0) maskBlock(fit, index, row, fit.layers, at, scaled + at, bytes, scratch)
        if (usersSumAll || itemsSumAll) scaleRow(blockOfLayer(fit, 0, at) + row * bytes, scaled + at, 1, bytes)
      }
    }
  }
}

/** The first layer back for rows that list the neighbours they sum over. */
function sumTouched(fit: FitBlock, index: u32, scratch: usize): void {
  const rowBytes: usize = fit.vectors << 4
  const runs = runsOf(fit, index)
  const list = scratch + RUN_OF_ROW
  for (let piece = nextThirdPiece(); piece < fit.pieceCount; piece = nextThirdPiece()) {
    const end = load<u32>(fit.pieces + (piece << 2), 4)
    for (let row = load<u32>(fit.pieces + (piece << 2)); row < end; row++) {
      if (sumsAll(fit, row)) continue
      const listEnd = touchedNeighbours(fit, row, list)
      for (let at: usize = 0; at < rowBytes; at += BLOCK) {
        const bytes = min(BLOCK, rowBytes - at)
        const out = backwardPlace(fit, 1, row, at, bytes, scratch)
        sumRows(list, listEnd, fit.scaledGradients + at, rowBytes, out, bytes)
        finishBackward(fit, index, 1, row, runs, out, at, bytes, scratch)
      }
    }
  }
}

@inline
function sumsAll(fit: FitBlock, row: u32): bool {
  return row < fit.users ? usersSumAll : itemsSumAll
}

/** Lists the runs of the neighbours of `row` that the step touches; returns the list's end. */
@inline
function touchedNeighbours(fit: FitBlock, row: u32, list: usize): usize {
  const pointer = fit.graphPointer + (row << 2)
  const last = fit.graphColumns + (load<u32>(pointer, 4) << 2)
  const runOfRow = fit.runOfRow
  for (let edge = fit.graphColumns + (load<u32>(pointer) << 2); edge < last; edge += 4) {
    // Without a branch, which would be guessed wrong often: every number is written, and the next one over those that do
    // not count.
    const number = load<u32>(runOfRow + (load<u32>(edge) << 2))
    store<u32>(list, number)
    list += <usize>u32(number !== NO_RUN) << 2
  }
  return list
}

/** Layer number `layer` back; the first for rows that sum over all their neighbours. */
function backwardLayer(fit: FitBlock, index: u32, layer: u32, scratch: usize): void {
  const rowBytes: usize = fit.vectors << 4
  const runs = runsOf(fit, index)
  const ranges = tiledRanges(fit)
  for (let range = nextSecondPiece(); range < ranges; range = nextSecondPiece()) {
    const at = (range / fit.tileRanges) * BLOCK
    const bytes = min(BLOCK, rowBytes - at)
    // Sums of many rows at once need a place even in the last layer.
    const y = blockOfLayer(fit, layer, at)
    const first = firstOfRange(fit, range % fit.tileRanges)
    const end = firstOfRange(fit, (range % fit.tileRanges) + 1)
    const x = blockOfLayer(fit, layer - 1, at)
    sumTiledRows(fit, first, end, x, y, bytes, bytes, layer > 1 || usersSumAll, layer > 1 || itemsSumAll)
    for (let row = first; row < end; row++) {
      if (tilesOf(fit, row) === 1 || (layer === 1 && !sumsAll(fit, row))) continue
      finishBackward(fit, index, layer, row, runs, y + row * bytes, at, bytes, scratch)
    }
  }
  const pieces = fit.pieceCount * blocksOf(fit)
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const at = (piece / fit.pieceCount) * BLOCK
    const bytes = min(BLOCK, rowBytes - at)
    const x = blockOfLayer(fit, layer - 1, at)
    const rows = fit.pieces + ((piece % fit.pieceCount) << 2)
    const end = load<u32>(rows, 4)
    for (let row = load<u32>(rows); row < end; row++) {
      if (tilesOf(fit, row) > 1 || (layer === 1 && !sumsAll(fit, row))) continue
      const out = backwardPlace(fit, layer, row, at, bytes, scratch)
      sumNeighbours(fit, row, x, out, bytes)
      finishBackward(fit, index, layer, row, runs, out, at, bytes, scratch)
    }
  }
}

/** Where a block of a row's sum goes: the last layer's is used up at once. */
@inline
function backwardPlace(fit: FitBlock, layer: u32, row: u32, at: usize, bytes: usize, scratch: usize): usize {
  return layer === fit.layers ? scratch + GRADIENT : blockOfLayer(fit, layer, at) + row * bytes
}

/** Ends the sum of a block of a row: adds the row's own gradient, then scales it for the next layer or updates the table. */
@inline
function finishBackward(
  fit: FitBlock,
  index: u32,
  layer: u32,
  row: u32,
  runs: usize,
  out: usize,
  at: usize,
  bytes: usize,
  scratch: usize,
): void {
  const rowBytes: usize = fit.vectors << 4
  const number = load<u32>(fit.runOfRow + (row << 2))
  const base: usize = number === NO_RUN ? 0 : fit.finalGradients + number * rowBytes + at
  const scale = columnScaleOf(fit, row)
  if (layer < fit.layers) {
    finishRow(out, base, scale, rowScaleOf(fit, row), bytes)
    if (fit.dropoutThreshold !== 0) maskBlock(fit, index, row, fit.layers - layer, at, out, bytes, scratch)
    return
  }
  finishRow(out, base, scale, 1 / <f32>(fit.layers + 1), bytes)
  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const triples = number === NO_RUN ? 0 : changetype<Run>(runs + number * offsetof<Run>()).triples
  updateBytes(fit, step, placeOfBlock(fit, row, at, bytes), out, triples, bytes)
}
