import { dropoutScale, dropoutThreshold, rowOfEachEntry, tableRows, type FitShape, type FitSpec } from '@gradrec/engine'
import { armFields, pullsArms } from './armFields.ts'
import { blockBytes, writeBlock } from './block.ts'
import { distanceFields, distanceSizes } from './distanceFields.ts'
import { DriftTables } from './driftTables.ts'
import { graphSizes, tileFields, writeGraph, type GraphArray } from './graphFields.ts'
import { horizonSteps, placesPerStep, windowSteps } from './horizon.ts'
import { addressesFrom, layOut } from './layout.ts'
import type { LinearMemory, Region } from './linearMemory.ts'
import { marginFields, marginSizes, writeMargin } from './marginFields.ts'
import type { Tiling } from './neighbourTiles.ts'
import { objectiveFields, objectiveSizes, towerSums, writeObjective } from './objectiveFields.ts'
import { isLazy, momentNames, optimizerFields } from './optimizerFields.ts'
import { writeTable } from './tables.ts'
import { recordingFields, records } from './recordedSlots.ts'
import { blocks, sizes } from './wasm.generated.ts'
import type { WasmDevice } from './wasmDevice.ts'

/** What a training run holds in the engine's memory. */
export interface FitMemory {
  /** Steps planned at once. */
  readonly horizon: number
  /** Address of the `FitBlock`. */
  readonly block: number
  /** Addresses of the arrays; 0 for those that the run has no use for. */
  readonly at: Readonly<Record<ArrayName, number>>
  /** Lazy Adam's, of the current learning rate. */
  readonly drift: () => DriftTables | undefined
  /** Replaces the drift tables by those of another learning rate; rows must be up to date. */
  readonly setLearningRate: (learningRate: number) => void
  readonly free: () => void
}

export type ArrayName =
  | ('block' | 'rowPointer' | 'columns' | 'drawFrom')
  | ('countOfItem' | 'orderItems' | 'orderCounts' | 'orderOwned')
  | ('scoreFactors' | 'lossWeights' | 'popularity' | 'secondCoefficients')
  | ('distancePanels' | 'distanceColumns' | 'distanceTiles' | 'distanceParts' | 'distancePieces')
  | ('distanceMeans' | 'distanceGradients' | 'distanceScratch')
  | ('steps' | 'rowsOfStep' | 'runOfPlace' | 'order' | 'runs' | 'runCounts')
  | ('table' | 'm' | 'v' | 'vMax')
  | ('recordedUsers' | 'recordedSlots' | 'recordedPositive' | 'recordedNegative' | 'recordedFrom')
  | ('snapshots' | 'coefficients' | 'losses' | 'lossSums' | 'runOfRow' | 'rowStates')
  | GraphArray
  | ('layerA' | 'layerB' | 'finalRows' | 'finalGradients' | 'scaledGradients')
  | ('phaseTimes' | 'scratch')

/**
 * Takes the memory of a run, and writes all that stays the same: shapes, interactions, graph, initial table.
 *
 * @throws LimitError when there is no room for it, before anything is taken
 */
export function takeFitMemory(device: WasmDevice, spec: FitSpec, tiling?: Tiling): FitMemory {
  const { memory } = device
  const layout = layOut(arraySizes(spec, device.threads, tiling))
  const region = memory.allocate(layout.bytes, 'this training run')
  const owned: Region[] = [region]
  const driftAt = (learningRate: number): DriftTables | undefined => {
    const { optimizer } = spec
    if (optimizer.kind !== 'adam' || !isLazy(optimizer)) return undefined
    return new DriftTables(memory, { ...optimizer, learningRate }, horizonSteps(spec))
  }
  let drift: DriftTables | undefined
  try {
    drift = driftAt(spec.optimizer.learningRate)
  } catch (error) {
    memory.free(region)
    throw error
  }
  const at = addressesFrom(region.address, layout)
  writeInteractions(memory, spec, at)
  writeMargin(memory, spec, at)
  writeObjective(memory, spec, at)
  const graph = writeGraph(memory, spec, at, tiling)
  writeTable(memory, spec, at.table, spec.initialTable)
  writeBlock(memory, at.block, blocks.FitBlock, {
    ...at,
    ...NO_DRIFT,
    ...drift?.fields,
    ...shapeFields(spec),
    ...marginFields(spec),
    ...objectiveFields(spec),
    ...distanceFields(spec),
    ...armFields(spec),
    ...optimizerFields(spec.optimizer),
    ...recordingFields(spec),
    ...device.teamFields,
    scratchBytes: scratchBytes(spec),
    ...graph,
    ...tileFields(spec, device.threads, tiling),
    done: 0,
    horizon: 0,
    firstStep: 0,
    stepCount: 0,
    profiles: 0,
  })
  return {
    horizon: horizonSteps(spec),
    block: at.block,
    at,
    drift: () => drift,
    setLearningRate: (learningRate) => {
      drift?.free()
      drift = driftAt(learningRate)
    },
    free: () => {
      for (const part of owned) memory.free(part)
      drift?.free()
    },
  }
}

/** Bytes of each array of a run. */
export function arraySizes(spec: FitShape, threads: number, tiling?: Tiling): Record<ArrayName, number> {
  const { interactions, dimension, batch, sampler, backbone, optimizer } = spec
  const rows = tableRows(spec)
  const pairs = interactions.columns.length
  const horizon = horizonSteps(spec)
  const places = placesPerStep(spec)
  const table = rows * dimension * 4
  const moments: readonly string[] = momentNames(optimizer)
  const window = windowSteps(spec)
  const isGraph = backbone.kind === 'lgn'
  const runs = Math.min(places, rows)
  return {
    block: blockBytes(blocks.FitBlock),
    ...marginSizes(spec),
    ...objectiveSizes(spec, places),
    ...distanceSizes(spec, runs, threads),
    ...graphSizes(spec, tiling),
    rowPointer: 4 * (interactions.rows + 1),
    columns: 4 * pairs,
    drawFrom: 4 * (sampler.positives === 'user' ? interactions.rows : pairs),
    steps: horizon * blockBytes(blocks.StepBlock),
    rowsOfStep: horizon * places * 4,
    runOfPlace: horizon * places * 4,
    order: horizon * places * blockBytes(blocks.Place),
    runs: horizon * (places + 1) * blockBytes(blocks.Run),
    runCounts: horizon * 4,
    table,
    m: moments.includes('m') ? table : 0,
    v: moments.includes('v') ? table : 0,
    vMax: moments.includes('vMax') ? table : 0,
    recordedUsers: records(spec) ? 2 * interactions.rows * dimension * 4 : 0,
    recordedSlots: records(spec) ? 2 * batch * dimension * 4 : 0,
    recordedPositive: records(spec) ? interactions.columnCount * dimension * 4 : 0,
    recordedNegative: records(spec) ? interactions.columnCount * dimension * 4 : 0,
    recordedFrom: records(spec) ? window * batch * dimension * 4 : 0,
    snapshots: 2 * (batch + towerSums(spec)) * dimension * 4,
    coefficients: window * places * 4,
    losses: horizon * batch * 4,
    lossSums: horizon * 8,
    runOfRow: rows * 4,
    rowStates: isLazy(optimizer) ? rows * blockBytes(blocks.RowState) : 0,
    layerA: isGraph ? table : 0,
    layerB: isGraph ? table : 0,
    finalRows: isGraph || pullsArms(spec) ? runs * dimension * 4 : 0,
    finalGradients: isGraph ? runs * dimension * 4 : 0,
    scaledGradients: isGraph ? runs * dimension * 4 : 0,
    phaseTimes: sizes.phases * 16,
    scratch: threads * scratchBytes(spec),
  }
}

/** Kept a multiple of a cache line, so that no two threads write to one. */
function scratchBytes(spec: FitShape): number {
  return Math.ceil((sizes.fitScratch + sizes.fitScratchPerRow * tableRows(spec)) / 64) * 64
}

function shapeFields(spec: FitSpec) {
  const { interactions, dimension, batch, sampler, seed, backbone } = spec
  const byUser = sampler.positives === 'user'
  const dropout = backbone.kind === 'lgn' ? (backbone.dropout ?? 0) : 0
  return {
    users: interactions.rows,
    items: interactions.columnCount,
    rows: tableRows(spec),
    vectors: dimension / 4,
    batch,
    negatives: sampler.negatives,
    places: placesPerStep(spec),
    seedLow: seed >>> 0,
    seedHigh: Math.floor(seed / 2 ** 32),
    interactions: interactions.columns.length,
    byUser: byUser ? 1 : 0,
    activeUsers: byUser ? activeUsers(spec).length : 0,
    window: windowSteps(spec),
    distinct: sampler.distinct ? 1 : 0,
    layers: backbone.kind === 'lgn' ? backbone.layers : 0,
    dropoutThreshold: dropoutThreshold(dropout),
    dropoutScale: dropoutScale(dropout),
  }
}

function writeInteractions(memory: LinearMemory, spec: FitSpec, at: Readonly<Record<ArrayName, number>>): void {
  const { interactions, sampler } = spec
  const drawFrom = sampler.positives === 'user' ? activeUsers(spec) : rowOfEachEntry(interactions)
  memory.words(at.rowPointer, interactions.rowPointer.length).set(interactions.rowPointer)
  memory.words(at.columns, interactions.columns.length).set(interactions.columns)
  memory.words(at.drawFrom, drawFrom.length).set(drawFrom)
}

function activeUsers({ interactions }: FitSpec): number[] {
  const users: number[] = []
  for (let user = 0; user < interactions.rows; user++) {
    if (interactions.rowPointer[user + 1]! > interactions.rowPointer[user]!) users.push(user)
  }
  return users
}

/** Fields of a run without lazy updates. */
const NO_DRIFT = {
  withinPowers1: 0,
  withinPowers2: 0,
  withinStart: 0,
  withinBlocks: 0,
  recentPowers1: 0,
  recentStart: 0,
  recentBlocks: 0,
  longStart: 0,
  longBlocks: 0,
  fades: 0,
  settles: 0,
} as const
