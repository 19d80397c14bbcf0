// A row's gradient with DICE: its occurrences have a coefficient for either half, and its halves' discrepancy is the row's own
// (packages/engine/src/objective.ts, `Discrepancy`). With n distinct rows of the row's kind in the step and X, Y its halves,
//
//   l1: ∂/∂X = −weight · sign(X − Y) / (n d/2)      l2: ∂/∂X = −weight · 2 (X − Y) / (n d/2)      ∂/∂Y = −∂/∂X
import { DISCREPANCY_L1, DISCREPANCY_NONE, FitBlock, Run, StepBlock } from './fitBlock'
import { segmentSum } from './segmentSum'
import { runsOf } from './update'

/** Counts the distinct users of step `index`; its other runs are items. */
export function countUsers(fit: FitBlock, index: u32): void {
  const runs = runsOf(fit, index)
  const count = load<u32>(fit.runCounts + (index << 2))
  let users: u32 = 0
  for (let number: u32 = 0; number < count; number++) {
    users += u32(changetype<Run>(runs + number * offsetof<Run>()).row < fit.users)
  }
  changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).distinctUsers = users
}

/** The gradient of run `number` of step `index` by its final row: see `sumRun`. */
export function sumHalves(
  fit: FitBlock,
  index: u32,
  order: usize,
  begin: u32,
  end: u32,
  number: u32,
  row: u32,
  gradient: usize,
): void {
  const rowBytes = fit.vectors << 4
  const half = rowBytes >> 1
  segmentSum(order, begin, end, fit.coefficients, fit.snapshots, rowBytes, gradient, half)
  segmentSum(order, begin, end, fit.secondCoefficients, fit.snapshots + half, rowBytes, gradient + half, half)
  if (fit.discrepancy === DISCREPANCY_NONE) return
  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const users = step.distinctUsers
  const distinct = row < fit.users ? users : load<u32>(fit.runCounts + (index << 2)) - users
  const scale = fit.discrepancyWeight / (<f32>distinct * <f32>(fit.vectors << 1))
  const final = fit.layers === 0 ? fit.table + row * rowBytes : fit.finalRows + number * rowBytes
  addDiscrepancy(fit.discrepancy === DISCREPANCY_L1, scale, final, gradient, half)
}

@inline
function addDiscrepancy(isL1: bool, scale: f32, final: usize, gradient: usize, half: usize): void {
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  const scale4 = f32x4.splat(scale)
  for (let at: usize = 0; at < half; at += 16) {
    const difference = f32x4.sub(v128.load(final + at), v128.load(final + half + at))
    let slope = f32x4.add(difference, difference)
    if (isL1) {
      const above = v128.and(one, f32x4.gt(difference, zero))
      slope = f32x4.sub(above, v128.and(one, f32x4.lt(difference, zero)))
    }
    const change = f32x4.mul(scale4, slope)
    v128.store(gradient + at, f32x4.sub(v128.load(gradient + at), change))
    v128.store(gradient + half + at, f32x4.add(v128.load(gradient + half + at), change))
  }
}
