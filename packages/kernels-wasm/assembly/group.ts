// Groups a step's occurrences by row: a run for each row, its occurrences in ascending order, which fixes the order of every
// sum. A counting sort on the number of the run; runs are numbered as their rows first appear.
import { FitBlock, Place, Run, StepBlock } from './fitBlock'

/**
 * @param runOfRow a thread's own word for each row, never cleared: run number r in it counts only where r is below the number
 *   of runs so far and run r is indeed the row's (Briggs and Torczon's sparse set)
 */
export function groupStep(fit: FitBlock, index: u32, runOfRow: usize): void {
  const step = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>())
  const width = fit.negatives + 2
  const places = step.positives * width
  const rows = fit.rowsOfStep + ((index * fit.places) << 2)
  const runOfPlace = fit.runOfPlace + ((index * fit.places) << 2)
  const runs = fit.runs + index * (fit.places + 1) * offsetof<Run>()
  const order = fit.order + index * fit.places * offsetof<Place>()

  // Number the runs and count their occurrences, in `begin` for now.
  let count: u32 = 0
  let role: u32 = 0
  for (let place: u32 = 0; place < places; place++) {
    const row = load<u32>(rows + (place << 2))
    let number = load<u32>(runOfRow + (row << 2))
    let run = changetype<Run>(runs + number * offsetof<Run>())
    if (number >= count || run.row !== row) {
      number = count++
      store<u32>(runOfRow + (row << 2), number)
      run = changetype<Run>(runs + number * offsetof<Run>())
      run.row = row
      run.begin = 0
      run.triples = 0
    }
    store<u32>(runOfPlace + (place << 2), number)
    run.begin++
    run.triples += role < 2 ? fit.negatives : 1
    if (++role === width) role = 0
  }
  store<u32>(fit.runCounts + (index << 2), count)

  // From counts to beginnings; `next` serves as the place where the next occurrence goes.
  let begin: u32 = 0
  for (let number: u32 = 0; number < count; number++) {
    const run = changetype<Run>(runs + number * offsetof<Run>())
    const size = run.begin
    run.begin = begin
    run.next = begin
    begin += size
  }
  changetype<Run>(runs + count * offsetof<Run>()).begin = begin

  let slot: u32 = 0
  role = 0
  const place0 = firstCoefficient(fit, index)
  for (let place: u32 = 0; place < places; place++) {
    const number = load<u32>(runOfPlace + (place << 2))
    const run = changetype<Run>(runs + number * offsetof<Run>())
    const entry = changetype<Place>(order + run.next++ * offsetof<Place>())
    entry.coefficient = place0 + place
    // An item's gradient is made of user rows; the user's own lies ready in the second half.
    entry.snapshot = role === 0 ? fit.batch + slot : slot
    if (++role === width) {
      role = 0
      slot++
    }
  }
}

/** Index of the coefficient of a step's first place. */
@inline
export function firstCoefficient(fit: FitBlock, index: u32): u32 {
  return (index % fit.window) * fit.places
}

/** Counts the distinct users of step `index`; its other runs are items. */
export function countUsers(fit: FitBlock, index: u32): void {
  const runs = fit.runs + index * (fit.places + 1) * offsetof<Run>()
  const count = load<u32>(fit.runCounts + (index << 2))
  let users: u32 = 0
  for (let number: u32 = 0; number < count; number++) {
    users += u32(changetype<Run>(runs + number * offsetof<Run>()).row < fit.users)
  }
  changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).distinctUsers = users
}
