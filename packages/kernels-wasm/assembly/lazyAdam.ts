// Dense Adam without visiting every row at every step: a row that gets no gradient for some steps (a span) moves by a drift in
// closed form, packages/engine/src/adamDrift.ts has the formulas. Because a horizon is planned ahead, the update of a row
// includes its drift up to the next touch, or to the horizon's end, while it is in registers: the cost of sparse Adam.
import { FitBlock, Run, RowState, StepBlock } from './fitBlock'
import { flush, TINY, TINY_ROOT } from './flush'
import { me, nextPiece, nextThirdPiece } from './team'
import { runsOf, touchRow } from './update'

const ROWS: u32 = 64
/** Runs handed out at once. */
const RUNS: u32 = 16

/**
 * One row's step and its drift over the `length` steps after it.
 *
 * @param begin steps of the horizon done when the drift begins
 * Other parameters as for `adamRow`.
 */
export function lazyAdamRow(
  fit: FitBlock,
  step: StepBlock,
  at: usize,
  gradient: usize,
  decay: f32,
  begin: u32,
  length: u32,
): void {
  const theta = fit.table + at
  const m = fit.m + at
  const v = fit.v + at
  const vMax: usize = fit.amsgrad ? fit.vMax + at : 0
  const decay4 = f32x4.splat(decay)
  const beta2 = f32x4.splat(fit.beta2)
  const oneMinusBeta1 = f32x4.splat(fit.oneMinusBeta1)
  const rootOneMinusBeta2 = f32x4.splat(fit.rootOneMinusBeta2)
  const epsilon = f32x4.splat(fit.epsilon)
  const stepSize = f32x4.splat(step.stepSize)
  const inverseCorrection = f32x4.splat(step.inverseCorrection)
  const power1 = v128.load32_splat(fit.withinPowers1 + (length << 2))
  const power2 = v128.load32_splat(fit.withinPowers2 + (length << 2))
  const start = fit.withinStart + (spanNumber(fit.horizon, begin, length) << 2)
  const firstBlock = fit.withinBlocks + (load<u32>(start) << 4)
  const endBlock = fit.withinBlocks + (load<u32>(start, 4) << 4)
  const bytes = fit.vectors << 4
  for (let f: usize = 0; f < bytes; f += 16) {
    const oldTheta = v128.load(theta + f)
    const oldM = v128.load(m + f)
    const g = f32x4.add(v128.load(gradient + f), f32x4.mul(decay4, oldTheta))
    const newM = f32x4.add(oldM, f32x4.mul(oneMinusBeta1, f32x4.sub(g, oldM)))
    const root = flush(f32x4.mul(rootOneMinusBeta2, g), TINY_ROOT)
    const newV = f32x4.add(f32x4.mul(beta2, v128.load(v + f)), f32x4.mul(root, root))
    let second = newV
    if (vMax !== 0) {
      second = f32x4.pmax(newV, v128.load(vMax + f))
      v128.store(vMax + f, second)
    }
    const x = f32x4.sqrt(second)
    let move = f32x4.div(stepSize, f32x4.add(f32x4.mul(x, inverseCorrection), epsilon))
    for (let block = firstBlock; block < endBlock; block += 16) move = f32x4.add(move, driftTerm(block, x, epsilon))
    v128.store(theta + f, f32x4.sub(oldTheta, f32x4.mul(newM, move)))
    v128.store(m + f, flush(f32x4.mul(newM, power1), TINY))
    v128.store(v + f, flush(f32x4.mul(newV, power2), TINY))
  }
}

/** m0 r (1 + y² (mu2 − y mu3)) with r = 1 / (b0 x + ε), y = b0 x r, of the block (m0, b0, mu2, mu3). */
@inline
function driftTerm(block: usize, x: v128, epsilon: v128): v128 {
  const b = f32x4.mul(v128.load32_splat(block, 4), x)
  const r = f32x4.div(f32x4.splat(1), f32x4.add(b, epsilon))
  const y = f32x4.mul(b, r)
  const inner = f32x4.sub(v128.load32_splat(block, 8), f32x4.mul(y, v128.load32_splat(block, 12)))
  const series = f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.mul(y, y), inner))
  return f32x4.mul(f32x4.mul(v128.load32_splat(block), r), series)
}

/** Number of a span inside the horizon: those of one beginning lie together, by length from 0. */
@inline
function spanNumber(horizon: u32, begin: u32, length: u32): u32 {
  return begin * (horizon + 1) - ((begin * (begin - 1)) >> 1) + length
}

/**
 * Links the touches of every row in the horizon, last to first: each run learns the next step that touches its row. A thread
 * looks at all runs and links those of its own range of rows.
 */
export function linkTouches(fit: FitBlock): void {
  const first = <u32>((<u64>fit.rows * me) / fit.threads)
  const end = <u32>((<u64>fit.rows * (me + 1)) / fit.threads)
  const done = fit.done
  const states = fit.rowStates
  for (let left = fit.horizon; left > 0; left--) {
    const index = left - 1
    const runs = fit.runs + index * (fit.places + 1) * offsetof<Run>()
    const count = load<u32>(fit.runCounts + (index << 2))
    for (let number: u32 = 0; number < count; number++) {
      const run = changetype<Run>(runs + number * offsetof<Run>())
      // row − first wraps around for rows below the range.
      if (run.row - first >= end - first) continue
      const state = changetype<RowState>(states + run.row * offsetof<RowState>())
      run.next = state.touch > done ? state.touch - 1 - done : fit.horizon
      state.touch = done + index + 1
    }
  }
}

/**
 * Moves the rows that no step of the horizon before `index` touches, but `index` does, from where they are to that step; while the step
 * before it updates others. So soon before they are needed they are still in the cache then.
 */
export function catchUpFirst(fit: FitBlock, index: u32, scratch: usize): void {
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  const touch = fit.done + index + 1
  const pieces = (count + RUNS - 1) / RUNS
  for (let piece = nextThirdPiece(); piece < pieces; piece = nextThirdPiece()) {
    const end = min(count, (piece + 1) * RUNS)
    for (let number = piece * RUNS; number < end; number++) {
      const row = changetype<Run>(runs + number * offsetof<Run>()).row
      const state = changetype<RowState>(fit.rowStates + row * offsetof<RowState>())
      if (state.touch !== touch || state.upTo === 0) continue
      touchRow(fit, row, scratch)
      driftToHorizon(fit, row, state)
      if (index === 0) continue
      driftRow(
        fit,
        row,
        fit.withinStart + (index << 2),
        fit.withinBlocks,
        load<f32>(fit.withinPowers1 + (index << 2)),
        load<f32>(fit.withinPowers2 + (index << 2)),
      )
    }
  }
}

/** Moves every row to where the horizon begins. */
export function catchUpAll(fit: FitBlock): void {
  const pieces = (fit.rows + ROWS - 1) / ROWS
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    const end = min(fit.rows, (piece + 1) * ROWS)
    for (let row = piece * ROWS; row < end; row++) {
      const state = changetype<RowState>(fit.rowStates + row * offsetof<RowState>())
      if (state.upTo === 0) continue
      driftToHorizon(fit, row, state)
      state.upTo = fit.done
    }
  }
}

@inline
function driftToHorizon(fit: FitBlock, row: u32, state: RowState): void {
  const length = fit.done - state.upTo
  if (length === 0) return
  const power2 = <f32>power(1 - <f64>fit.oneMinusBeta2, length)
  if (length < fit.fades) {
    const power1 = load<f32>(fit.recentPowers1 + (length << 2))
    driftRow(fit, row, fit.recentStart + (length << 2), fit.recentBlocks, power1, power2)
  } else {
    driftRow(fit, row, fit.longStart + (min(state.upTo, fit.settles) << 2), fit.longBlocks, 0, power2)
  }
}

/** θ −= m F(√v), m *= power1, v *= power2. `start`: address of where the span's blocks start, and end. */
function driftRow(fit: FitBlock, row: u32, start: usize, blocks: usize, power1: f32, power2: f32): void {
  const at = (row * fit.vectors) << 4
  const theta = fit.table + at
  const m = fit.m + at
  const v = fit.v + at
  const root = fit.amsgrad ? fit.vMax + at : v
  const power14 = f32x4.splat(power1)
  const power24 = f32x4.splat(power2)
  const epsilon = f32x4.splat(fit.epsilon)
  const firstBlock = blocks + (load<u32>(start) << 4)
  const endBlock = blocks + (load<u32>(start, 4) << 4)
  const bytes = fit.vectors << 4
  for (let f: usize = 0; f < bytes; f += 16) {
    const oldM = v128.load(m + f)
    const x = f32x4.sqrt(v128.load(root + f))
    let sum = f32x4.splat(0)
    for (let block = firstBlock; block < endBlock; block += 16) sum = f32x4.add(sum, driftTerm(block, x, epsilon))
    v128.store(theta + f, f32x4.sub(v128.load(theta + f), f32x4.mul(oldM, sum)))
    v128.store(m + f, flush(f32x4.mul(oldM, power14), TINY))
    v128.store(v + f, flush(f32x4.mul(v128.load(v + f), power24), TINY))
  }
}

/** base^exponent by repeated squaring. */
function power(base: f64, exponent: u32): f64 {
  let result: f64 = 1
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result *= base
    base *= base
  }
  return result
}
