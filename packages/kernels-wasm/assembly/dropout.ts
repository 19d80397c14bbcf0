// Dropout of propagated layers (packages/engine/src/random/dropout.ts): z_l = mask_l ∘ (A z_{l−1}), and the mean of z_0 … z_L. Masks
// are not kept: they are a function of (step, node, layer, element), and are drawn again on the way back.
import { FitBlock, Run, StepBlock } from './fitBlock'
import { endPhase, FORWARD_LAYER, MARK_ROWS, SCALE_TABLE } from './phases'
import { philoxFour, STREAM_DROPOUT } from './philox'
import { blockOfLayer, blocksOf, columnScaleOf, rowScaleOf, scaleTable, sumNeighbours, unmarkRows } from './propagation'
import { GRADIENT, RANDOM } from './scratch'
import { addRow, BLOCK, scaleRow } from './spmm'
import { copyTableRow } from './tableBlocks'
import { nextPiece } from './team'
import { runOf, runsOf } from './update'

/** Runs handed out at once. */
const RUNS: u32 = 4
/** Bytes of the eight numbers whose draws come from one call of Philox; a block of columns has four times as many. */
const EIGHT: usize = 32

/** Drops numbers of a node's row in layer `layer`, and lets the others grow, in the block of columns that begins at byte `at`. */
export function maskBlock(
  fit: FitBlock,
  index: u32,
  node: u32,
  layer: u32,
  at: usize,
  row: usize,
  bytes: usize,
  scratch: usize,
): void {
  const stepNumber = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).number
  const counters = i32x4.add(i32x4.splat(64 * layer + <u32>(at / EIGHT)), i32x4(0, 1, 2, 3))
  const words = scratch + RANDOM
  philoxFour(words, stepNumber, node, counters, STREAM_DROPOUT, fit.seedLow, fit.seedHigh)
  const threshold = i16x8.splat(<i16>fit.dropoutThreshold)
  const scale = f32x4.splat(fit.dropoutScale)
  for (let eight: usize = 0; eight < bytes; eight += EIGHT) {
    // One call's words are eight draws of sixteen bits in order: the low half of a word comes first in memory.
    const word = words + (eight >> 3)
    let draws = v128.load32_zero(word)
    draws = v128.load_lane<u32>(word, draws, 1, 16)
    draws = v128.load_lane<u32>(word, draws, 2, 32)
    draws = v128.load_lane<u32>(word, draws, 3, 48)
    const kept = i16x8.ge_u(draws, threshold)
    const out = row + eight
    v128.store(out, v128.and(f32x4.mul(scale, v128.load(out)), i32x4.extend_low_i16x8_s(kept)))
    if (eight + 16 < bytes) {
      v128.store(out, v128.and(f32x4.mul(scale, v128.load(out, 16)), i32x4.extend_high_i16x8_s(kept)), 16)
    }
  }
}

/** `forwardStep` with dropout: layers cannot be summed by Horner's rule, so each is added to the step's rows as it is made. */
export function forwardWithDropout(fit: FitBlock, index: u32, scratch: usize): void {
  unmarkRows(fit)
  scaleTable(fit)
  endPhase(fit, SCALE_TABLE)
  beginFinalRows(fit, index)
  for (let layer: u32 = 1; layer < fit.layers; layer++) {
    middleLayer(fit, index, layer, scratch)
    endPhase(fit, FORWARD_LAYER)
  }
  lastLayer(fit, index, scratch)
}

/** Layer 0 of the step's rows. */
function beginFinalRows(fit: FitBlock, index: u32): void {
  const rowBytes: usize = fit.vectors << 4
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const pieces = (count + RUNS - 1) / RUNS
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const end = min(count, (piece + 1) * RUNS)
    for (let number = piece * RUNS; number < end; number++) {
      const row = changetype<Run>(runs + number * offsetof<Run>()).row
      store<u32>(fit.runOfRow + (row << 2), number)
      copyTableRow(fit, row, fit.finalRows + number * rowBytes)
    }
  }
  endPhase(fit, MARK_ROWS)
}

function middleLayer(fit: FitBlock, index: u32, layer: u32, scratch: usize): void {
  const rowBytes: usize = fit.vectors << 4
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const pieces = fit.pieceCount * blocksOf(fit)
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const at = (piece / fit.pieceCount) * BLOCK
    const bytes = min(BLOCK, rowBytes - at)
    const x = blockOfLayer(fit, layer - 1, at)
    const y = blockOfLayer(fit, layer, at)
    const rows = fit.pieces + ((piece % fit.pieceCount) << 2)
    const end = load<u32>(rows, 4)
    for (let row = load<u32>(rows); row < end; row++) {
      const out = y + row * bytes
      layerBlock(fit, index, row, layer, at, x, out, bytes, scratch)
      const number = runOf(fit.runOfRow, runs, count, row)
      if (number !== count) addRow(fit.finalRows + number * rowBytes + at, 1, out, bytes)
      scaleRow(out, out, columnScaleOf(fit, row), bytes)
    }
  }
}

/** The last layer, of the step's rows alone, and the mean. */
function lastLayer(fit: FitBlock, index: u32, scratch: usize): void {
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
      const final = fit.finalRows + number * rowBytes + at
      layerBlock(fit, index, row, fit.layers, at, x, scratch + GRADIENT, bytes, scratch)
      addRow(final, 1, scratch + GRADIENT, bytes)
      scaleRow(final, final, mean, bytes)
    }
  }
}

/** out = mask ∘ (A x) for a block of a row. */
@inline
function layerBlock(
  fit: FitBlock,
  index: u32,
  row: u32,
  layer: u32,
  at: usize,
  x: usize,
  out: usize,
  bytes: usize,
  scratch: usize,
): void {
  sumNeighbours(fit, row, x, out, bytes)
  scaleRow(out, out, rowScaleOf(fit, row), bytes)
  maskBlock(fit, index, row, layer, at, out, bytes, scratch)
}
