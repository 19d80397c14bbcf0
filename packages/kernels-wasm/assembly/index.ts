// What the host calls. Every function is called on all threads of the team at once, with the address of a block that says
// what to do; each returns when its part is done.
import { appendCounterparts, keepRows } from './arms'
import { backwardStep } from './backward'
import { correlateHalves } from './distanceCorrelation'
import { DISTANCE_SCRATCH } from './distanceGradient'
import { PANEL } from './distancePanels'
import { TILE } from './distances'
import { BLOCK_PANELS, MOST_BLOCKS } from './distanceSums'
import { DICE, DISCREPANCY_DCOR, DISCREPANCY_NONE, FitBlock, MACR, RECORDS_NOTHING, StepBlock } from './fitBlock'
import { countUsers, groupStep } from './group'
import { forwardStep, propagateAll } from './propagation'
import { catchUpAll, catchUpFirst, linkTouches } from './lazyAdam'
import {
  beginPhases,
  CATCH_UP_ALL,
  CATCH_UP_FIRST,
  endPhase,
  GROUP_STEP,
  LAST_FORWARD_LAYER,
  LINK_TOUCHES,
  MARK_ROWS,
  PHASES,
  RECORD_ITEMS,
  SAMPLE_STEP,
  SCORE,
  SCORE_DICE,
  SCORE_MACR,
  splitPhase,
  SUM_LOSSES,
  UPDATE_ALL_ROWS,
  UPDATE_RUNS,
  UPDATE_TOWERS,
} from './phases'
import { packItems, rankUsers } from './rank'
import { RankBlock } from './rankBlock'
import { rankAllVariants } from './rankVariants'
import { recordItems } from './recordItems'
import { sampleStep } from './sample'
import { score } from './score'
import { scoreDice } from './scoreDice'
import { scoreMacr } from './scoreMacr'
import { RUN_OF_ROW } from './scratch'
import { BLOCK } from './spmm'
import { joinTeam, me, nextPiece } from './team'
import { appendTowers, TOWER_SLOTS, updateTowers } from './towers'
import { markRows, updateAllRows, updateRuns } from './update'

export { breakTeam } from './team'

// Asked by the build, which hands the answers on to the host.
export { teamBytes } from './team'
export { rankScratchBytes } from './rank'
export { copyRepeatedly, multiplyAdd } from './speed'
export { variantGroup, variantPadding, variantScratchBytes } from './rankVariants'

/** Bytes of the blocks of columns that recorded items are kept in. */
export function columnBlockBytes(): u32 {
  return <u32>BLOCK
}

/** Slots whose share of MACR's towers is summed up together. */
export function towerSlots(): u32 {
  return TOWER_SLOTS
}

/** What the distance correlation's arrays are made of: rows of a panel. */
export function distancePanel(): u32 {
  return PANEL
}

/** Panels of a block. */
export function distanceBlockPanels(): u32 {
  return BLOCK_PANELS
}

/** Blocks at most. */
export function mostDistanceBlocks(): u32 {
  return MOST_BLOCKS
}

/** Bytes of a tile of distances. */
export function distanceTileBytes(): u32 {
  return <u32>TILE
}

/** Bytes of a thread's scratch for the distance correlation. */
export function distanceScratchBytes(): u32 {
  return <u32>DISTANCE_SCRATCH
}

/** Phases of a step that are timed. */
export function phaseCount(): u32 {
  return PHASES
}

/** Bytes of a thread's scratch for a training run over `rows` rows. */
export function fitScratchBytes(rows: u32): u32 {
  return RUN_OF_ROW + 4 * rows
}

/** Draws and groups the steps of a horizon, a step a piece. */
export function plan(address: usize, thread: u32): void {
  const fit = changetype<FitBlock>(address)
  joinTeam(fit.team, fit.threads, thread)
  const scratch = fit.scratch + me * fit.scratchBytes
  beginPhases(fit)
  if (fit.profiles) {
    // One after the other, to be timed; else grouped while what was drawn is in the cache.
    for (let index = nextPiece(); index < fit.horizon; index = nextPiece()) sampleStep(fit, index, scratch)
    endPhase(fit, SAMPLE_STEP)
  }
  for (let index = nextPiece(); index < fit.horizon; index = nextPiece()) {
    if (!fit.profiles) sampleStep(fit, index, scratch)
    groupStep(fit, index, scratch + RUN_OF_ROW)
    if (fit.armDiscrepancy !== DISCREPANCY_NONE) appendCounterparts(fit, index, scratch + RUN_OF_ROW)
    if (fit.objective === DICE || fit.armDiscrepancy !== DISCREPANCY_NONE) countUsers(fit, index)
    if (fit.objective === MACR) appendTowers(fit, index)
  }
  endPhase(fit, GROUP_STEP)
  if (!fit.isLazy) return
  linkTouches(fit)
  endPhase(fit, LINK_TOUCHES)
  catchUpFirst(fit, 0, scratch)
  endPhase(fit, CATCH_UP_FIRST)
}

/** Lazy Adam: moves every row to where the horizon begins. */
export function catchUp(address: usize, thread: u32): void {
  const fit = changetype<FitBlock>(address)
  joinTeam(fit.team, fit.threads, thread)
  beginPhases(fit)
  catchUpAll(fit)
  endPhase(fit, CATCH_UP_ALL)
}

/** Trains steps firstStep … firstStep + stepCount − 1 of the horizon that was planned last, and sums their losses. */
export function train(address: usize, thread: u32): void {
  const fit = changetype<FitBlock>(address)
  joinTeam(fit.team, fit.threads, thread)
  const scratch = fit.scratch + me * fit.scratchBytes
  const end = fit.firstStep + fit.stepCount
  beginPhases(fit)
  for (let index = fit.firstStep; index < end; index++) {
    if (fit.layers === 0) trainFactors(fit, index, scratch)
    else trainGraph(fit, index, scratch)
  }
  for (let piece = nextPiece(); piece < fit.stepCount; piece = nextPiece()) sumLosses(fit, fit.firstStep + piece)
  endPhase(fit, SUM_LOSSES)
}

/** Matrix factorisation. */
function trainFactors(fit: FitBlock, index: u32, scratch: usize): void {
  const hasPulls = fit.armDiscrepancy !== DISCREPANCY_NONE
  if (fit.updatesAllRows || hasPulls) {
    markRows(fit, index)
    if (hasPulls) keepRows(fit, index)
    endPhase(fit, MARK_ROWS)
  }
  scoreTriples(fit, index, fit.table, fit.rowsOfStep + ((index * fit.places) << 2), scratch)
  endPhase(fit, scorePhase(fit))
  if (fit.discrepancy === DISCREPANCY_DCOR) correlateHalves(fit, index, scratch)
  if (fit.recording !== RECORDS_NOTHING) record(fit, index)
  if (fit.updatesAllRows) updateAllRows(fit, index, scratch)
  else updateRuns(fit, index, scratch)
  if (fit.isLazy && index + 1 < fit.horizon) {
    splitPhase(fit, UPDATE_RUNS)
    catchUpFirst(fit, index + 1, scratch)
    endPhase(fit, CATCH_UP_FIRST)
  } else {
    endPhase(fit, fit.updatesAllRows ? UPDATE_ALL_ROWS : UPDATE_RUNS)
  }
}

/** LightGCN. */
function trainGraph(fit: FitBlock, index: u32, scratch: usize): void {
  forwardStep(fit, index, scratch)
  endPhase(fit, LAST_FORWARD_LAYER)
  scoreTriples(fit, index, fit.finalRows, fit.runOfPlace + ((index * fit.places) << 2), scratch)
  endPhase(fit, scorePhase(fit))
  if (fit.discrepancy === DISCREPANCY_DCOR) correlateHalves(fit, index, scratch)
  if (fit.recording !== RECORDS_NOTHING) record(fit, index)
  if (fit.objective === MACR) {
    updateTowers(fit, index, scratch)
    splitPhase(fit, UPDATE_TOWERS)
  }
  backwardStep(fit, index, scratch)
}

/** Parameters as for `score`. */
function scoreTriples(fit: FitBlock, index: u32, embeddings: usize, rowOfPlace: usize, scratch: usize): void {
  if (fit.objective === DICE) scoreDice(fit, index, embeddings, rowOfPlace, scratch)
  else if (fit.objective === MACR) scoreMacr(fit, index, embeddings, rowOfPlace, scratch)
  else score(fit, index, embeddings, rowOfPlace, scratch)
}

function scorePhase(fit: FitBlock): u32 {
  if (fit.objective === DICE) return SCORE_DICE
  return fit.objective === MACR ? SCORE_MACR : SCORE
}

function record(fit: FitBlock, index: u32): void {
  recordItems(fit, index)
  splitPhase(fit, RECORD_ITEMS)
}

/** Float32 losses are added up in float64, slot after slot. */
function sumLosses(fit: FitBlock, index: u32): void {
  const positives = changetype<StepBlock>(fit.steps + index * offsetof<StepBlock>()).positives
  const losses = fit.losses + ((index * fit.batch) << 2)
  let sum: f64 = 0
  for (let slot: u32 = 0; slot < positives; slot++) sum += <f64>load<f32>(losses + (slot << 2))
  store<f64>(fit.lossSums + (index << 3), sum)
}

/** The mean of layers 0 … L of the table for every row, into layerA if L is even and layerB if it is odd. */
export function propagate(address: usize, thread: u32): void {
  const fit = changetype<FitBlock>(address)
  joinTeam(fit.team, fit.threads, thread)
  propagateAll(fit)
}

/** Lays out the items for `rank`. */
export function pack(address: usize, thread: u32): void {
  const block = changetype<RankBlock>(address)
  joinTeam(block.team, block.threads, thread)
  packItems(block)
}

/** Top-k lists of a block of users. */
export function rank(address: usize, thread: u32): void {
  const block = changetype<RankBlock>(address)
  joinTeam(block.team, block.threads, thread)
  rankUsers(block)
}

/** Top-k lists of a block of users, of every variant. */
export function rankVariants(address: usize, thread: u32): void {
  const block = changetype<RankBlock>(address)
  joinTeam(block.team, block.threads, thread)
  rankAllVariants(block)
}
