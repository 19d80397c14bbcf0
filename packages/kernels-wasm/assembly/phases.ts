// Where the time of a step goes. Where `FitBlock.profiles` is set the first thread asks the host's clock between phases, never inside
// one, so that the steps and their bits stay what they are.
import { FitBlock } from './fitBlock'
import { barrier, me } from './team'

/** Milliseconds of the host's clock. */
@external('env', 'now')
declare function now(): f64

/** Milliseconds of a phase, then how often it ran, both float64. */
const PHASE_BYTES: usize = 16

// In the order of a step. The build reads the names off this list: `SAMPLE_STEP` is `sampleStep` to the host.
export const SAMPLE_STEP: u32 = 0
export const GROUP_STEP: u32 = 1
export const LINK_TOUCHES: u32 = 2
export const SCALE_TABLE: u32 = 3
export const MARK_ROWS: u32 = 4
export const FORWARD_LAYER: u32 = 5
export const LAST_FORWARD_LAYER: u32 = 6
export const SCORE: u32 = 7
export const SCORE_DICE: u32 = 8
export const SCORE_MACR: u32 = 9
export const PACK_ROWS: u32 = 10
export const SUM_TILES: u32 = 11
export const AVERAGE_ROWS: u32 = 12
export const DISTANCE_GRADIENTS: u32 = 13
export const RECORD_ITEMS: u32 = 14
export const UPDATE_TOWERS: u32 = 15
export const CLEAR_GRADIENTS: u32 = 16
export const SUM_FINAL_GRADIENTS: u32 = 17
export const FIRST_BACKWARD_LAYER: u32 = 18
export const BACKWARD_LAYER: u32 = 19
export const UPDATE_RUNS: u32 = 20
export const CATCH_UP_FIRST: u32 = 21
export const UPDATE_ALL_ROWS: u32 = 22
export const SUM_LOSSES: u32 = 23
export const CATCH_UP_ALL: u32 = 24
/** How many there are. */
export const PHASES: u32 = 25

/** When the phase at hand began. */
let since: f64 = 0

/** Begins the first phase of a job. */
export function beginPhases(fit: FitBlock): void {
  if (fit.profiles && me === 0) since = now()
}

/** Ends a phase at which every thread waits for the others. */
export function endPhase(fit: FitBlock, phase: u32): void {
  barrier()
  if (fit.profiles) addTime(fit, phase)
}

/** Ends a phase that threads leave when they are done; they wait for each other only to be timed. */
export function splitPhase(fit: FitBlock, phase: u32): void {
  if (!fit.profiles) return
  barrier()
  addTime(fit, phase)
}

function addTime(fit: FitBlock, phase: u32): void {
  if (me !== 0) return
  const time = now()
  const sum = fit.phaseTimes + phase * PHASE_BYTES
  store<f64>(sum, load<f64>(sum) + time - since)
  store<f64>(sum, load<f64>(sum, 8) + 1, 8)
  since = time
}
