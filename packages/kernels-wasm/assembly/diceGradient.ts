// A row's gradient with DICE: its occurrences have a coefficient for either half, and its halves' discrepancy is the row's own
// (packages/engine/src/objective.ts, `Discrepancy`). With n distinct rows of the row's kind in the step and X, Y its halves,
//
//   l1: ∂/∂X = −weight · sign(X − Y) / (n d/2)      l2: ∂/∂X = −weight · 2 (X − Y) / (n d/2)      ∂/∂Y = −∂/∂X
//
// but for the distance correlation, whose gradient lies ready: distanceCorrelation.ts.
import { DISCREPANCY_DCOR, DISCREPANCY_L1, DISCREPANCY_NONE, FitBlock, StepBlock } from './fitBlock'
import { segmentSum } from './segmentSum'
import { slopeOf } from './slopeOf'
import { addRow } from './spmm'

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
  if (fit.discrepancy === DISCREPANCY_DCOR) {
    addRow(gradient, 1, fit.distanceGradients + number * rowBytes, rowBytes)
    return
  }
  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const users = step.distinctUsers
  const distinct = row < fit.users ? users : load<u32>(fit.runCounts + (index << 2)) - users
  const scale = fit.discrepancyWeight / (<f32>distinct * <f32>(fit.vectors << 1))
  const final = fit.layers === 0 ? fit.table + row * rowBytes : fit.finalRows + number * rowBytes
  addDiscrepancy(fit.discrepancy === DISCREPANCY_L1, scale, final, gradient, half)
}

@inline
function addDiscrepancy(isL1: bool, scale: f32, final: usize, gradient: usize, half: usize): void {
  const scale4 = f32x4.splat(scale)
  for (let at: usize = 0; at < half; at += 16) {
    const difference = f32x4.sub(v128.load(final + at), v128.load(final + half + at))
    const change = f32x4.mul(scale4, slopeOf(isL1, difference))
    v128.store(gradient + at, f32x4.sub(v128.load(gradient + at), change))
    v128.store(gradient + half + at, f32x4.add(v128.load(gradient + half + at), change))
  }
}
