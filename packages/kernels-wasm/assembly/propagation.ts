// LightGCN's propagation. A layer computes
//   z[r] = base[r] + rowScale[r] · Σ_{c ∈ neighbours(r)} columnScale[c] · x[c],
// so that the mean of layers 0 … L is L applications by Horner's rule: x ← base + A x, the last one scaled by 1/(L + 1).
// Edges go both ways: with the scales exchanged the same layers carry gradients back. Forward with dropout is in dropout.ts;
// back, a layer's mask is put on before the layer before takes it up.
//
// Between layers rows are kept multiplied by the scale they will be taken with, which leaves only additions to the inner loop,
// and as blocks of columns, [block][row][32], each worked through before the next: what is gathered from then is contiguous, and small enough
// for much of it to stay in the cache.
import { forwardWithDropout, maskBlock } from './dropout'
import { FitBlock, Run, StepBlock } from './fitBlock'
import { BACKWARD_LAYER, endPhase, FIRST_BACKWARD_LAYER, FORWARD_LAYER, SCALE_TABLE } from './phases'
import { GRADIENT, RUN_OF_ROW } from './scratch'
import { BLOCK, finishRow, scaleRow, sumRows } from './spmm'
import { nextPiece } from './team'
import { runOf, runsOf, sumRun, updateBytes } from './update'

/** Rows of a step, handed out a few at a time because the edges of popular items are many. */
const RUNS: u32 = 4

/** Where the output of a layer goes; layer 0 is the table, scaled. */
@inline
function layerAt(fit: FitBlock, layer: u32): usize {
  return layer % 2 === 0 ? fit.layerA : fit.layerB
}

/** The block of columns of a layer that begins at byte `at` of a row: its rows of `bytes` follow one another. */
@inline
export function blockOfLayer(fit: FitBlock, layer: u32, at: usize): usize {
  return layerAt(fit, layer) + at * fit.rows
}

@inline
export function blocksOf(fit: FitBlock): u32 {
  return ((fit.vectors << 4) + BLOCK - 1) / BLOCK
}

@inline
export function rowScaleOf(fit: FitBlock, row: u32): f32 {
  return load<f32>(fit.graphRowScale + (row << 2))
}

@inline
export function columnScaleOf(fit: FitBlock, row: u32): f32 {
  return load<f32>(fit.graphColumnScale + (row << 2))
}

/** Σ over the neighbours of `row` of their rows in a block of columns. */
@inline
export function sumNeighbours(fit: FitBlock, row: u32, block: usize, sum: usize, bytes: usize): void {
  const pointer = fit.graphPointer + (row << 2)
  const first = fit.graphColumns + (load<u32>(pointer) << 2)
  const last = fit.graphColumns + (load<u32>(pointer, 4) << 2)
  sumRows(first, last, block, bytes, sum, bytes)
}

/** The mean of layers 0 … L of the table for every row, row after row: in layerA if L is even, layerB if it is odd. */
export function propagateAll(fit: FitBlock): void {
  scaleTable(fit)
  endPhase(fit, SCALE_TABLE)
  for (let layer: u32 = 1; layer <= fit.layers; layer++) {
    forwardLayer(fit, layer, layer === fit.layers)
    endPhase(fit, FORWARD_LAYER)
  }
}

/** Layer 0. */
export function scaleTable(fit: FitBlock): void {
  const rowBytes: usize = fit.vectors << 4
  for (let piece = nextPiece(); piece < fit.pieceCount; piece = nextPiece()) {
    const end = load<u32>(fit.pieces + (piece << 2), 4)
    for (let row = load<u32>(fit.pieces + (piece << 2)); row < end; row++) {
      for (let at: usize = 0; at < rowBytes; at += BLOCK) {
        const bytes = min(BLOCK, rowBytes - at)
        const out = blockOfLayer(fit, 0, at) + row * bytes
        scaleRow(out, fit.table + row * rowBytes + at, columnScaleOf(fit, row), bytes)
      }
    }
  }
}

/** Layer number `layer` (from 1) for every row; the last is neither scaled nor cut into blocks for another to come. */
function forwardLayer(fit: FitBlock, layer: u32, isLast: bool): void {
  const rowBytes: usize = fit.vectors << 4
  const mean: f32 = 1 / <f32>(fit.layers + 1)
  const pieces = fit.pieceCount * blocksOf(fit)
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const at = (piece / fit.pieceCount) * BLOCK
    const bytes = min(BLOCK, rowBytes - at)
    const x = blockOfLayer(fit, layer - 1, at)
    const y = isLast ? layerAt(fit, layer) + at : blockOfLayer(fit, layer, at)
    const stride = isLast ? rowBytes : bytes
    const rows = fit.pieces + ((piece % fit.pieceCount) << 2)
    const end = load<u32>(rows, 4)
    for (let row = load<u32>(rows); row < end; row++) {
      const out = y + row * stride
      const factor = isLast ? mean : columnScaleOf(fit, row)
      sumNeighbours(fit, row, x, out, bytes)
      finishRow(out, fit.table + row * rowBytes + at, rowScaleOf(fit, row), factor, bytes)
    }
  }
}

/** The final embeddings of the rows of step `index`, into `finalRows`: the last layer is needed for those alone. */
export function forwardStep(fit: FitBlock, index: u32, scratch: usize): void {
  if (fit.dropoutThreshold !== 0) {
    forwardWithDropout(fit, index, scratch)
    return
  }
  scaleTable(fit)
  endPhase(fit, SCALE_TABLE)
  for (let layer: u32 = 1; layer < fit.layers; layer++) {
    forwardLayer(fit, layer, false)
    endPhase(fit, FORWARD_LAYER)
  }
  const rowBytes: usize = fit.vectors << 4
  const mean: f32 = 1 / <f32>(fit.layers + 1)
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const groups = (count + RUNS - 1) / RUNS
  const pieces = groups * blocksOf(fit)
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const at = (piece / groups) * BLOCK
    const bytes = min(BLOCK, rowBytes - at)
    const x = blockOfLayer(fit, fit.layers - 1, at)
    const group = piece % groups
    const end = min(count, (group + 1) * RUNS)
    for (let number = group * RUNS; number < end; number++) {
      const row = changetype<Run>(runs + number * offsetof<Run>()).row
      if (at === 0) store<u32>(fit.runOfRow + (row << 2), number)
      const out = fit.finalRows + number * rowBytes + at
      sumNeighbours(fit, row, x, out, bytes)
      finishRow(out, fit.table + row * rowBytes + at, rowScaleOf(fit, row), mean, bytes)
    }
  }
}

/** Gradients by the final embeddings of the step's rows, into `finalGradients`, and multiplied by the rows' scales and masks. */
export function sumFinalGradients(fit: FitBlock, index: u32, scratch: usize): void {
  const rowBytes = fit.vectors << 4
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
      scaleRow(scaled, gradient, rowScaleOf(fit, row), rowBytes)
      if (fit.dropoutThreshold !== 0) maskRow(fit, index, row, fit.layers, scaled, scratch)
    }
  }
}

@inline
function maskRow(fit: FitBlock, index: u32, row: u32, layer: u32, address: usize, scratch: usize): void {
  const rowBytes: usize = fit.vectors << 4
  for (let at: usize = 0; at < rowBytes; at += BLOCK) {
    maskBlock(fit, index, row, layer, at, address + at, min(BLOCK, rowBytes - at), scratch)
  }
}

/** Carries the gradients back to the table and updates every row as soon as its own is known. */
export function backwardStep(fit: FitBlock, index: u32, scratch: usize): void {
  firstBackwardLayer(fit, index, scratch)
  endPhase(fit, FIRST_BACKWARD_LAYER)
  for (let layer: u32 = 2; layer <= fit.layers; layer++) {
    backwardLayer(fit, index, layer, scratch)
    endPhase(fit, BACKWARD_LAYER)
  }
}

/** The first layer back: only the step's rows have a gradient, so that most neighbours drop out of the sum. */
function firstBackwardLayer(fit: FitBlock, index: u32, scratch: usize): void {
  const rowBytes: usize = fit.vectors << 4
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const list = scratch + RUN_OF_ROW
  for (let piece = nextPiece(); piece < fit.pieceCount; piece = nextPiece()) {
    const end = load<u32>(fit.pieces + (piece << 2), 4)
    for (let row = load<u32>(fit.pieces + (piece << 2)); row < end; row++) {
      const listEnd = touchedNeighbours(fit, row, runs, count, list)
      for (let at: usize = 0; at < rowBytes; at += BLOCK) {
        const bytes = min(BLOCK, rowBytes - at)
        const out = backwardPlace(fit, 1, row, at, bytes, scratch)
        sumRows(list, listEnd, fit.scaledGradients + at, rowBytes, out, bytes)
        finishBackward(fit, index, 1, row, runs, count, out, at, bytes, scratch)
      }
    }
  }
}

/** Lists the runs of the neighbours of `row` that the step touches; returns the list's end. */
@inline
function touchedNeighbours(fit: FitBlock, row: u32, runs: usize, count: u32, list: usize): usize {
  const pointer = fit.graphPointer + (row << 2)
  const last = fit.graphColumns + (load<u32>(pointer, 4) << 2)
  const runOfRow = fit.runOfRow
  for (let edge = fit.graphColumns + (load<u32>(pointer) << 2); edge < last; edge += 4) {
    const column = load<u32>(edge)
    // Without a branch, which would be guessed wrong often: every number is written, and the next one over those that do
    // not count.
    const number = load<u32>(runOfRow + (column << 2))
    store<u32>(list, number)
    const run = changetype<Run>(runs + min(number, count) * offsetof<Run>())
    list += <usize>(u32(number < count) & u32(run.row === column)) << 2
  }
  return list
}

/** Layer number `layer` (from 2) back. */
function backwardLayer(fit: FitBlock, index: u32, layer: u32, scratch: usize): void {
  const rowBytes: usize = fit.vectors << 4
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const pieces = fit.pieceCount * blocksOf(fit)
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const at = (piece / fit.pieceCount) * BLOCK
    const bytes = min(BLOCK, rowBytes - at)
    const x = blockOfLayer(fit, layer - 1, at)
    const rows = fit.pieces + ((piece % fit.pieceCount) << 2)
    const end = load<u32>(rows, 4)
    for (let row = load<u32>(rows); row < end; row++) {
      const out = backwardPlace(fit, layer, row, at, bytes, scratch)
      sumNeighbours(fit, row, x, out, bytes)
      finishBackward(fit, index, layer, row, runs, count, out, at, bytes, scratch)
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
  count: u32,
  out: usize,
  at: usize,
  bytes: usize,
  scratch: usize,
): void {
  const rowBytes: usize = fit.vectors << 4
  const number = runOf(fit.runOfRow, runs, count, row)
  const base: usize = number === count ? 0 : fit.finalGradients + number * rowBytes + at
  const scale = columnScaleOf(fit, row)
  if (layer < fit.layers) {
    finishRow(out, base, scale, rowScaleOf(fit, row), bytes)
    if (fit.dropoutThreshold !== 0) maskBlock(fit, index, row, fit.layers - layer, at, out, bytes, scratch)
    return
  }
  finishRow(out, base, scale, 1 / <f32>(fit.layers + 1), bytes)
  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const triples = number === count ? 0 : changetype<Run>(runs + number * offsetof<Run>()).triples
  updateBytes(fit, step, row * rowBytes + at, out, triples, bytes)
}
