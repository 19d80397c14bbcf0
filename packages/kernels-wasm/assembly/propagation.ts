// LightGCN's propagation. A layer computes
//   z[r] = base[r] + rowScale[r] · Σ_{c ∈ neighbours(r)} columnScale[c] · x[c],
// so that the mean of layers 0 … L is L applications by Horner's rule: x ← base + A x, the last one scaled by 1/(L + 1).
// Edges go both ways: with the scales exchanged the same layers carry gradients back (backward.ts). Forward with dropout is in
// dropout.ts; back, a layer's mask is put on before the layer before takes it up.
//
// Between layers rows are kept multiplied by the scale they will be taken with, which leaves only additions to the inner loop,
// and as blocks of columns, [block][row][32], each worked through before the next: what is gathered from then is contiguous, and small enough
// for much of it to stay in the cache.
import { forwardWithDropout } from './dropout'
import { FitBlock, Run } from './fitBlock'
import { endPhase, FORWARD_LAYER, SCALE_TABLE } from './phases'
import { BLOCK, finishRow, scaleRow, sumRows } from './spmm'
import { placeOfBlock } from './tableBlocks'
import { nextPiece, nextSecondPiece } from './team'
import { addTile, sumTiledRows, tiledRanges, tilesOf } from './tiles'
import { runsOf } from './update'

/** Rows of a step, handed out a few at a time because the edges of popular items are many. */
export const RUNS: u32 = 4

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

/** How many neighbours a row has. */
@inline
export function degreeOf(fit: FitBlock, row: u32): u32 {
  const pointer = fit.graphPointer + (row << 2)
  return load<u32>(pointer, 4) - load<u32>(pointer)
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
    for (let at: usize = 0; at < rowBytes; at += BLOCK) {
      const bytes = min(BLOCK, rowBytes - at)
      for (let row = load<u32>(fit.pieces + (piece << 2)); row < end; row++) {
        const out = blockOfLayer(fit, 0, at) + row * bytes
        scaleRow(out, fit.table + placeOfBlock(fit, row, at, bytes), columnScaleOf(fit, row), bytes)
      }
    }
  }
}

/** Layer number `layer` (from 1) for every row; the last is neither scaled nor cut into blocks for another to come. */
function forwardLayer(fit: FitBlock, layer: u32, isLast: bool): void {
  const rowBytes: usize = fit.vectors << 4
  const mean: f32 = 1 / <f32>(fit.layers + 1)
  const ranges = tiledRanges(fit)
  for (let range = nextSecondPiece(); range < ranges; range = nextSecondPiece()) {
    const at = (range / fit.tileRanges) * BLOCK
    const bytes = min(BLOCK, rowBytes - at)
    const y = isLast ? layerAt(fit, layer) + at : blockOfLayer(fit, layer, at)
    const stride = isLast ? rowBytes : bytes
    const first = firstOfRange(fit, range % fit.tileRanges)
    const end = firstOfRange(fit, (range % fit.tileRanges) + 1)
    sumTiledRows(fit, first, end, blockOfLayer(fit, layer - 1, at), y, stride, bytes, true, true)
    for (let row = first; row < end; row++) {
      if (tilesOf(fit, row) === 1) continue
      const factor = isLast ? mean : columnScaleOf(fit, row)
      const base = fit.table + placeOfBlock(fit, row, at, bytes)
      finishRow(y + row * stride, base, rowScaleOf(fit, row), factor, bytes)
    }
  }
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
      if (tilesOf(fit, row) > 1) continue
      const out = y + row * stride
      const factor = isLast ? mean : columnScaleOf(fit, row)
      sumNeighbours(fit, row, x, out, bytes)
      finishRow(out, fit.table + placeOfBlock(fit, row, at, bytes), rowScaleOf(fit, row), factor, bytes)
    }
  }
}

/** The first row of the ranges' number `range`: about as many edges in each. */
@inline
export function firstOfRange(fit: FitBlock, range: u32): u32 {
  return load<u32>(fit.pieces + (((fit.pieceCount * range) / fit.tileRanges) << 2))
}

/** Leaves no row with a run; `scaleTable` follows. */
export function unmarkRows(fit: FitBlock): void {
  for (let piece = nextSecondPiece(); piece < fit.pieceCount; piece = nextSecondPiece()) {
    const row = load<u32>(fit.pieces + (piece << 2))
    const end = load<u32>(fit.pieces + (piece << 2), 4)
    memory.fill(fit.runOfRow + (row << 2), 0xff, (end - row) << 2)
  }
}

/** The final embeddings of the rows of step `index`, into `finalRows`: the last layer is needed for those alone. */
export function forwardStep(fit: FitBlock, index: u32, scratch: usize): void {
  if (fit.dropoutThreshold !== 0) {
    forwardWithDropout(fit, index, scratch)
    return
  }
  unmarkRows(fit)
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
  const ranges = tiledRanges(fit)
  for (let range = nextSecondPiece(); range < ranges; range = nextSecondPiece()) {
    const at = (range / fit.tileRanges) * BLOCK
    const part = range % fit.tileRanges
    const first = (count * part) / fit.tileRanges
    finishTiledRuns(fit, runs, first, (count * (part + 1)) / fit.tileRanges, at)
  }
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
      if (tilesOf(fit, row) > 1) continue
      const out = fit.finalRows + number * rowBytes + at
      sumNeighbours(fit, row, x, out, bytes)
      finishRow(out, fit.table + placeOfBlock(fit, row, at, bytes), rowScaleOf(fit, row), mean, bytes)
    }
  }
}

/** The last layer for runs `first` … `end` − 1, those whose rows have tiles. */
function finishTiledRuns(fit: FitBlock, runs: usize, first: u32, end: u32, at: usize): void {
  const rowBytes: usize = fit.vectors << 4
  const bytes = min(BLOCK, rowBytes - at)
  const mean: f32 = 1 / <f32>(fit.layers + 1)
  const x = blockOfLayer(fit, fit.layers - 1, at)
  const most = max(fit.userTiles, fit.itemTiles)
  for (let tile: u32 = 0; tile < most; tile++) {
    for (let number = first; number < end; number++) {
      const row = changetype<Run>(runs + number * offsetof<Run>()).row
      const tiles = tilesOf(fit, row)
      if (tiles === 1 || tile >= tiles) continue
      const out = fit.finalRows + number * rowBytes + at
      addTile(fit, row, tile, x, out, bytes)
      if (tile + 1 < tiles) continue
      finishRow(out, fit.table + placeOfBlock(fit, row, at, bytes), rowScaleOf(fit, row), mean, bytes)
    }
  }
}
