import { hostParts, memoryPlan, type FitShape, type MemoryPart, type MemoryPlan } from '@gradrec/engine'
import { driftTableBytes } from './driftTables.ts'
import { arraySizes, type ArrayName } from './fitMemory.ts'
import { horizonSteps } from './horizon.ts'
import { layOut } from './layout.ts'
import { isLazy } from './optimizerFields.ts'
import { memoryLimit } from './memoryLimit.ts'
import type { WasmDevice } from './wasmDevice.ts'

/** What people call the arrays of a run, and what makes them smaller. */
interface PartName {
  readonly name: string
  readonly remedy?: string
}

const TABLE: PartName = { name: 'the embedding table', remedy: 'a smaller dimension' }
const MOMENTS: PartName = { name: 'the optimizer state', remedy: 'a smaller dimension' }
const INTERACTIONS: PartName = { name: 'the interactions', remedy: 'fewer interactions' }
const RECORDED: PartName = { name: 'the recorded gradients', remedy: 'no recording' }
const PLAN: PartName = { name: 'the plan of steps', remedy: 'a smaller batch' }
const STEP: PartName = { name: 'the work of a step', remedy: 'a smaller batch' }
const DISTANCES: PartName = { name: 'the distances between the rows of a step', remedy: 'another discrepancy' }
const ITEMS: PartName = { name: 'the numbers of items' }
const ROWS: PartName = { name: 'the states of rows' }
const GRAPH: PartName = { name: 'the graph', remedy: 'fewer interactions' }
const LAYERS: PartName = { name: 'the propagated layers', remedy: 'a smaller dimension' }
const THREADS: PartName = { name: 'the scratch of threads', remedy: 'fewer threads' }

const PARTS: Readonly<Record<ArrayName, PartName>> = {
  block: STEP,
  rowPointer: INTERACTIONS,
  columns: INTERACTIONS,
  drawFrom: INTERACTIONS,
  countOfItem: ITEMS,
  orderItems: ITEMS,
  orderCounts: ITEMS,
  orderOwned: { name: 'the interactions by popularity', remedy: 'fewer interactions' },
  scoreFactors: ITEMS,
  lossWeights: ITEMS,
  popularity: ITEMS,
  secondCoefficients: STEP,
  distancePanels: DISTANCES,
  distanceColumns: DISTANCES,
  distanceTiles: DISTANCES,
  distanceParts: DISTANCES,
  distancePieces: DISTANCES,
  distanceMeans: DISTANCES,
  distanceGradients: DISTANCES,
  distanceScratch: DISTANCES,
  steps: PLAN,
  rowsOfStep: PLAN,
  runOfPlace: PLAN,
  order: PLAN,
  runs: PLAN,
  runCounts: PLAN,
  table: TABLE,
  m: MOMENTS,
  v: MOMENTS,
  vMax: MOMENTS,
  recordedUsers: RECORDED,
  recordedSlots: RECORDED,
  recordedPositive: RECORDED,
  recordedNegative: RECORDED,
  recordedFrom: RECORDED,
  snapshots: STEP,
  coefficients: STEP,
  losses: STEP,
  lossSums: STEP,
  runOfRow: ROWS,
  rowStates: ROWS,
  graphPointer: GRAPH,
  graphColumns: GRAPH,
  graphRowScale: GRAPH,
  graphColumnScale: GRAPH,
  pieces: GRAPH,
  userTileEdges: GRAPH,
  itemTileEdges: GRAPH,
  layerA: LAYERS,
  layerB: LAYERS,
  finalRows: STEP,
  finalGradients: STEP,
  scaledGradients: STEP,
  phaseTimes: STEP,
  scratch: THREADS,
}

/** What `takeFitMemory` would take for a run of this shape: the sizes it lays out, by what they are for. */
export function fitMemoryPlan({ memory, threads }: WasmDevice, shape: FitShape): MemoryPlan {
  const { optimizer } = shape
  const byName = new Map<string, MemoryPart>()
  for (const [array, bytes] of Object.entries(arraySizes(shape, threads)) as [ArrayName, number][]) {
    const part = PARTS[array]
    const before = byName.get(part.name)?.bytes ?? 0
    byName.set(part.name, { ...part, bytes: before + layOut({ [array]: bytes }).bytes })
  }
  const drift =
    optimizer.kind === 'adam' && isLazy(optimizer)
      ? [{ name: 'the drift tables of lazy Adam', bytes: driftTableBytes(optimizer, horizonSteps(shape)) }]
      : []
  return memoryPlan({
    engine: 'wasm',
    parts: [...byName.values(), ...drift],
    host: hostParts(shape),
    limits: [memoryLimit(memory)],
    unknown: 'Whether this system has that much memory left shows only when it is taken.',
  })
}
