// Recording for items: recorded[item] += weight · p̂ for each of a step's occurrences (recordUsers.ts has the formulas).
//
// Every step touches most items, so that going through their rows at every step would move the whole table through the cache,
// and through it again at the next. What they need of a step is small: its users and its coefficients. Those of a window of
// steps are kept, and the window is recorded at once, for a block of columns of all items that stays in the cache:
//
//     for block of columns: for slot of window: for item of slot: recorded[block][item] += weight · kept[block][slot]
//
// A block belongs to one thread and each sum is in the order of the slots, so that neither threads nor windows change a bit.
import { FitBlock, RECORDS_GRADIENTS, StepBlock } from './fitBlock'
import { firstCoefficient } from './group'
import { addRow, BLOCK, scaleRow } from './spmm'
import { nextSecondPiece } from './team'

/** Where a step keeps its users. */
@inline
function usersOf(fit: FitBlock, index: u32): usize {
  return fit.recordedFrom + (index % fit.window) * fit.batch * (fit.vectors << 4)
}

/** Keeps a slot's user until the window is recorded, laid out as it will be read. */
export function keepUser(fit: FitBlock, index: u32, slot: u32, scored: usize): void {
  const rowBytes = fit.vectors << 4
  const users = usersOf(fit, index)
  for (let at: usize = 0; at < rowBytes; at += BLOCK) {
    const bytes = min(BLOCK, rowBytes - at)
    scaleRow(users + at * fit.batch + slot * bytes, scored + at, 1, bytes)
  }
}

/** Records the users of the window that ends with step `index`, for the items; does nothing inside a window. */
export function recordItems(fit: FitBlock, index: u32): void {
  const isLast = (index + 1) % fit.window === 0 || index + 1 === fit.firstStep + fit.stepCount
  if (!isLast) return
  const first = max(fit.firstStep, index - (index % fit.window))
  const rowBytes = fit.vectors << 4
  const blocks = (rowBytes + BLOCK - 1) / BLOCK
  for (let block = nextSecondPiece(); block < blocks; block = nextSecondPiece()) {
    const at = block * BLOCK
    const bytes = min(BLOCK, rowBytes - at)
    for (let step = first; step <= index; step++) {
      if (bytes === BLOCK) recordWholeBlock(fit, step, at)
      else recordBlock(fit, step, at, bytes)
    }
  }
}

/** Where a block of columns lies, [block][item][columns], as seen from row 0 of the table. */
@inline
function blockOf(fit: FitBlock, recorded: usize, at: usize, bytes: usize): usize {
  return recorded + at * fit.items - fit.users * bytes
}

function recordBlock(fit: FitBlock, index: u32, at: usize, bytes: usize): void {
  const negatives = fit.negatives
  const slots = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).positives
  const positiveBlock = blockOf(fit, fit.recordedPositive, at, bytes)
  const negativeBlock = blockOf(fit, fit.recordedNegative, at, bytes)
  const scale = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).recordScale
  const isGradient = fit.recording === RECORDS_GRADIENTS
  let user = usersOf(fit, index) + at * fit.batch
  let rows = fit.rowsOfStep + ((index * fit.places) << 2)
  let coefficients = fit.coefficients + (firstCoefficient(fit, index) << 2)
  for (let slot: u32 = 0; slot < slots; slot++) {
    const positiveWeight = scale * (isGradient ? load<f32>(coefficients, 4) : <f32>negatives)
    addRow(positiveBlock + load<u32>(rows, 4) * bytes, positiveWeight, user, bytes)
    for (let k: u32 = 0; k < negatives; k++) {
      const weight = isGradient ? scale * load<f32>(coefficients + (k << 2), 8) : -scale
      addRow(negativeBlock + load<u32>(rows + (k << 2), 8) * bytes, weight, user, bytes)
    }
    user += bytes
    rows += (negatives + 2) << 2
    coefficients += (negatives + 2) << 2
  }
}

/** `recordBlock` for a whole block, with the user's part in registers. */
function recordWholeBlock(fit: FitBlock, index: u32, at: usize): void {
  const negatives = fit.negatives
  const slots = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).positives
  const positiveBlock = blockOf(fit, fit.recordedPositive, at, BLOCK)
  const negativeBlock = blockOf(fit, fit.recordedNegative, at, BLOCK)
  const scale = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).recordScale
  const isGradient = fit.recording === RECORDS_GRADIENTS
  let user = usersOf(fit, index) + at * fit.batch
  let rows = fit.rowsOfStep + ((index * fit.places) << 2)
  let coefficients = fit.coefficients + (firstCoefficient(fit, index) << 2)
  const slotBytes = (negatives + 2) << 2
  const end = rows + slots * slotBytes
  while (rows < end) {
    const u0 = v128.load(user)
    const u1 = v128.load(user, 16)
    const u2 = v128.load(user, 32)
    const u3 = v128.load(user, 48)
    const u4 = v128.load(user, 64)
    const u5 = v128.load(user, 80)
    const u6 = v128.load(user, 96)
    const u7 = v128.load(user, 112)
    let out = positiveBlock + load<u32>(rows, 4) * BLOCK
    let weight = f32x4.splat(scale * (isGradient ? load<f32>(coefficients, 4) : <f32>negatives))
    let place = rows
    const last = rows + (negatives << 2)
    for (;;) {
      v128.store(out, f32x4.add(v128.load(out), f32x4.mul(weight, u0)))
      v128.store(out, f32x4.add(v128.load(out, 16), f32x4.mul(weight, u1)), 16)
      v128.store(out, f32x4.add(v128.load(out, 32), f32x4.mul(weight, u2)), 32)
      v128.store(out, f32x4.add(v128.load(out, 48), f32x4.mul(weight, u3)), 48)
      v128.store(out, f32x4.add(v128.load(out, 64), f32x4.mul(weight, u4)), 64)
      v128.store(out, f32x4.add(v128.load(out, 80), f32x4.mul(weight, u5)), 80)
      v128.store(out, f32x4.add(v128.load(out, 96), f32x4.mul(weight, u6)), 96)
      v128.store(out, f32x4.add(v128.load(out, 112), f32x4.mul(weight, u7)), 112)
      if (place === last) break
      out = negativeBlock + load<u32>(place, 8) * BLOCK
      weight = f32x4.splat(isGradient ? scale * load<f32>(coefficients + (place - rows), 8) : -scale)
      place += 4
    }
    user += BLOCK
    coefficients += slotBytes
    rows += slotBytes
  }
}
