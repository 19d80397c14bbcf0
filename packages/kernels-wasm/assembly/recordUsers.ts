// Recording (packages/engine/src/fit.ts, `Recording`): what a run's gradients would add to a table that only they move, for
// positives and for negatives apart. With ρ = learning rate, times −triples where slopes count,
//
//     positive[u] += ρ w q      positive[i] += ρ w p̂      negative[u] += ρ w_k n_k      negative[j] += ρ w_k p̂
//
// where w, w_k are a slot's coefficients (`gradient`), or the number of negatives and −1 (`vector`).
//
// Here for users. A step draws a user seldom twice, so that a slot adds to its user's own rows while the items' are in the
// cache. Slots that share their user write down what they would add; it is added up in their order when that row is updated.
// A user's two rows lie side by side.
import { FitBlock, Place, RECORDS_GRADIENTS, Run, StepBlock } from './fitBlock'
import { TOUCHED } from './scratch'
import { addRow } from './spmm'

@inline
function scaleOf(fit: FitBlock, index: u32): f32 {
  return changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).recordScale
}

@inline
function runOfSlot(fit: FitBlock, index: u32, slot: u32): usize {
  const place = (index * fit.places + slot * (fit.negatives + 2)) << 2
  return fit.runs + (index * (fit.places + 1) + load<u32>(fit.runOfPlace + place)) * offsetof<Run>()
}

/**
 * Asks for the cache lines of what the users of slots `first` … `end` − 1 have recorded. Those of several users are on their way at once, as
 * they would not be with a slot's arithmetic between one and the next.
 */
export function touchRecorded(fit: FitBlock, index: u32, first: u32, end: u32, scratch: usize): void {
  const bytes = fit.vectors << 5
  let sum: u32 = 0
  for (let slot = first; slot < end; slot++) {
    const recorded = fit.recordedUsers + changetype<Run>(runOfSlot(fit, index, slot)).row * bytes
    for (let at = recorded; at < recorded + bytes; at += 64) sum += load<u32>(at)
  }
  store<u32>(scratch + TOUCHED, sum)
}

/** Where a slot adds what its user records: d numbers for the positive, then d for the negatives. */
export function openUser(fit: FitBlock, index: u32, slot: u32): usize {
  const bytes = fit.vectors << 5
  const run = runOfSlot(fit, index, slot)
  if (isRepeated(run)) {
    const own = fit.recordedSlots + slot * bytes
    memory.fill(own, 0, bytes)
    return own
  }
  return fit.recordedUsers + changetype<Run>(run).row * bytes
}

/** Whether a row occurs more than once in the step. */
@inline
function isRepeated(run: usize): bool {
  return changetype<Run>(run + offsetof<Run>()).begin - changetype<Run>(run).begin > 1
}

@inline
export function recordPositive(fit: FitBlock, index: u32, recorded: usize, coefficient: f32, positive: usize): void {
  const weight: f32 = fit.recording === RECORDS_GRADIENTS ? coefficient : <f32>fit.negatives
  addRow(recorded, scaleOf(fit, index) * weight, positive, fit.vectors << 4)
}

@inline
export function recordNegative(fit: FitBlock, index: u32, recorded: usize, coefficient: f32, negative: usize): void {
  const weight: f32 = fit.recording === RECORDS_GRADIENTS ? coefficient : -1
  const bytes = fit.vectors << 4
  addRow(recorded + bytes, scaleOf(fit, index) * weight, negative, bytes)
}

/** Four negatives at once: recorded, and added to the gradient as `addFour` does. */
export function addFourRecording(
  fit: FitBlock,
  index: u32,
  recorded: usize,
  gradient: usize,
  coefficients: usize,
  n0: usize,
  n1: usize,
  n2: usize,
  n3: usize,
): void {
  const bytes = fit.vectors << 4
  const out = recorded + bytes
  const isGradient = fit.recording === RECORDS_GRADIENTS
  const scale = f32x4.splat(isGradient ? scaleOf(fit, index) : -scaleOf(fit, index))
  const c0 = v128.load32_splat(coefficients)
  const c1 = v128.load32_splat(coefficients, 4)
  const c2 = v128.load32_splat(coefficients, 8)
  const c3 = v128.load32_splat(coefficients, 12)
  for (let at: usize = 0; at < bytes; at += 16) {
    const v0 = v128.load(n0 + at)
    const v1 = v128.load(n1 + at)
    const v2 = v128.load(n2 + at)
    const v3 = v128.load(n3 + at)
    let sum = f32x4.mul(c0, v0)
    sum = f32x4.add(sum, f32x4.mul(c1, v1))
    sum = f32x4.add(sum, f32x4.mul(c2, v2))
    sum = f32x4.add(sum, f32x4.mul(c3, v3))
    v128.store(gradient + at, f32x4.add(v128.load(gradient + at), sum))
    const added = isGradient ? sum : f32x4.add(f32x4.add(f32x4.add(v0, v1), v2), v3)
    v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.mul(scale, added)))
  }
}

/** Adds up what the slots of a repeated user have recorded. */
@inline
export function recordRepeatedUser(fit: FitBlock, index: u32, address: usize): void {
  const run = changetype<Run>(address)
  if (run.row >= fit.users || !isRepeated(address)) return
  const bytes = fit.vectors << 5
  const order = fit.order + index * fit.places * offsetof<Place>()
  const end = changetype<Run>(address + offsetof<Run>()).begin
  for (let at = run.begin; at < end; at++) {
    const slot = changetype<Place>(order + at * offsetof<Place>()).snapshot - fit.batch
    addRow(fit.recordedUsers + run.row * bytes, 1, fit.recordedSlots + slot * bytes, bytes)
  }
}
