// The rows whose distances are taken, copied out of the table in two layouts. Eight rows make a panel:
//
//     panels[panel][coordinate][8]      so that a vector has the same coordinate of four rows: distances.ts
//     columns[8 coordinates][row][8]    of a half, so that what a row's gradient gathers is contiguous: distanceGradient.ts
//
// What is copied is moved by a point in the rows' midst, which changes no distance and keeps sums over rows small.
import { FitBlock, Run, StepBlock } from './fitBlock'
import { GRADIENT, RUN_OF_ROW } from './scratch'
import { addRow, scaleRow } from './spmm'
import { nextPiece } from './team'
import { runsOf } from './update'

/** Rows of a panel. */
export const PANEL: u32 = 8
/** Coordinates of a block of columns, and bytes of a row of one, or of a coordinate of a panel. */
export const COLUMNS: u32 = 8
export const COLUMN_BYTES: usize = 32
/** The rows in whose midst the others are, by their mean. */
const MIDST: u32 = 64

/** How many rows there are at hand, and panels of them. */
export let rowCount: u32 = 0
export let panelCount: u32 = 0
/** Lists their runs, ascending. */
let runNumbers: usize = 0

/** Takes the distinct users of step `index`, or its distinct items. */
export function chooseRows(fit: FitBlock, index: u32, areUsers: bool, scratch: usize): void {
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const users = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).distinctUsers
  rowCount = areUsers ? users : count - users
  panelCount = (rowCount + PANEL - 1) / PANEL
  runNumbers = scratch + RUN_OF_ROW
  let end = runNumbers
  for (let number: u32 = 0; number < count; number++) {
    if (changetype<Run>(runs + number * offsetof<Run>()).row < fit.users !== areUsers) continue
    store<u32>(end, number)
    end += 4
  }
}

/** Number of the run of row `row` of those at hand. */
@inline
export function runAt(row: u32): u32 {
  return load<u32>(runNumbers + (row << 2))
}

@inline
export function panelAt(fit: FitBlock, panel: u32): usize {
  return fit.distancePanels + panel * (fit.vectors << 7)
}

/** Blocks of columns that a half takes; its last may be half empty. */
@inline
export function blocksOfHalf(fit: FitBlock): u32 {
  return ((fit.vectors << 1) + COLUMNS - 1) / COLUMNS
}

/** Block of columns number `block` of both halves, where row `row` begins. */
@inline
export function columnsAt(fit: FitBlock, block: u32, row: u32): usize {
  return fit.distanceColumns + (block * panelCount * PANEL + row) * COLUMN_BYTES
}

/** Copies the rows at hand. Those that fill up the last panel are zero. */
export function packRows(fit: FitBlock, index: u32, scratch: usize): void {
  const half: usize = fit.vectors << 3
  const midst = scratch + GRADIENT
  findMidst(fit, index, midst)
  for (let panel = nextPiece(); panel < panelCount; panel = nextPiece()) {
    const row = panel * PANEL
    for (let at: usize = 0; at < half << 1; at += 16) {
      const inHalf = at < half ? at : at - half
      const block = (at < half ? 0 : blocksOfHalf(fit)) + <u32>(inHalf / COLUMN_BYTES)
      const columns = columnsAt(fit, block, row) + (inHalf % COLUMN_BYTES)
      for (let lane: u32 = 0; lane < PANEL; lane++) {
        const moved =
          row + lane < rowCount
            ? f32x4.sub(v128.load(finalRow(fit, index, row + lane) + at), v128.load(midst + at))
            : f32x4.splat(0)
        v128.store(columns + lane * COLUMN_BYTES, moved)
      }
      const out = panelAt(fit, panel) + (at << 3)
      transposeFour(columns, out)
      transposeFour(columns + 4 * COLUMN_BYTES, out + 16)
    }
  }
}

@inline
function finalRow(fit: FitBlock, index: u32, row: u32): usize {
  const number = runAt(row)
  if (fit.layers !== 0) return fit.finalRows + number * (fit.vectors << 4)
  return fit.table + changetype<Run>(runsOf(fit, index) + number * offsetof<Run>()).row * (fit.vectors << 4)
}

/** Every thread finds the same. */
function findMidst(fit: FitBlock, index: u32, midst: usize): void {
  const bytes: usize = fit.vectors << 4
  const count = min(rowCount, MIDST)
  scaleRow(midst, finalRow(fit, index, 0), 1, bytes)
  for (let row: u32 = 1; row < count; row++) addRow(midst, 1, finalRow(fit, index, row), bytes)
  scaleRow(midst, midst, 1 / <f32>count, bytes)
}

/** Transposes 4 × 4 numbers; rows are `COLUMN_BYTES` apart on both sides. */
export function transposeFour(from: usize, to: usize): void {
  const row0 = v128.load(from)
  const row1 = v128.load(from, 32)
  const row2 = v128.load(from, 64)
  const row3 = v128.load(from, 96)
  const low01 = v128.shuffle<f32>(row0, row1, 0, 4, 1, 5)
  const high01 = v128.shuffle<f32>(row0, row1, 2, 6, 3, 7)
  const low23 = v128.shuffle<f32>(row2, row3, 0, 4, 1, 5)
  const high23 = v128.shuffle<f32>(row2, row3, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5))
  v128.store(to, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 32)
  v128.store(to, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 64)
  v128.store(to, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 96)
}
