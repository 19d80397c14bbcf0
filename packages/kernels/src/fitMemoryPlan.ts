import {
  columnCounts,
  hostParts,
  memoryPlan,
  tableRows,
  type FitShape,
  type MemoryPart,
  type MemoryPlan,
} from '@gradrec/engine'
import { bufferLimit, storageBytes } from './bufferLimit.ts'
import { countChunks, mostChunks } from './chunks.ts'
import { horizonSteps } from './horizon.ts'
import type { KernelDevice } from './kernelDevice.ts'
import { lazySizes } from './lazyUpdates.ts'
import { slotNames } from './optimizerState.ts'
import { plannerSizes } from './planner.ts'
import { recordedNames } from './recording.ts'
import { markWordsFor } from './rowMarks.ts'
import { mostRuns, snapshotBytes } from './stepConstants.ts'

/** Bytes of the JavaScript arrays that a chunk of the graph goes through while they are sorted. */
const HOST_BYTES_PER_CHUNK = 100

/**
 * Every storage buffer that `buildRun` would create for a run of this shape; the uniforms, some 20 KiB in all, are left out. The
 * interactions' lengths of rows, which the graph's chunks depend on, are an upper bound in a shape without entries.
 */
export function fitMemoryPlan({ gpu, tuning }: KernelDevice, shape: FitShape): MemoryPlan {
  const horizon = horizonSteps(shape, tuning, gpu.limits.maxStorageBufferBindingSize)
  const chunks = shape.backbone.kind === 'lgn' ? chunksOf(shape, tuning.edgesPerChunk) : undefined
  const buffers = [
    ...tableBuffers(shape),
    ...planBuffers(shape, horizon),
    ...interactionBuffers(shape, horizon),
    ...stepBuffers(shape, horizon),
    ...updateBuffers(shape, horizon),
    ...(chunks === undefined ? [] : graphBuffers(shape, chunks, horizon)),
  ]
  const hostChunks = HOST_BYTES_PER_CHUNK * (chunks?.chunks ?? 0)
  return memoryPlan({
    engine: 'webgpu',
    parts: buffers.map(({ bytes, ...part }) => ({ ...part, bytes: storageBytes(bytes) })),
    host: [
      ...hostParts(shape),
      ...(hostChunks > 0 ? [{ name: 'the chunks of the graph, while they are sorted', bytes: hostChunks }] : []),
    ],
    limits: [bufferLimit(gpu)],
    unknown: 'WebGPU does not tell how much memory the device has: whether all fits shows only when it is taken.',
  })
}

function tableBytes(shape: FitShape): number {
  return 4 * tableRows(shape) * shape.dimension
}

function tableBuffers(shape: FitShape): MemoryPart[] {
  const table = tableBytes(shape)
  return [
    { name: 'the embedding table', bytes: table, remedy: 'a smaller dimension' },
    {
      name: 'the optimizer state',
      bytes: slotNames(shape.optimizer).length * table,
      remedy: 'a smaller dimension',
    },
    { name: 'the recorded gradients', bytes: recordedNames(shape).length * table, remedy: 'no recording' },
  ]
}

function planBuffers({ batch, sampler }: FitShape, horizon: number): MemoryPart[] {
  const occurrences = batch * (sampler.negatives + 2)
  const { keys, order, counts, runs } = plannerSizes(horizon, occurrences)
  const plan = { name: `the plan of ${horizon} steps`, remedy: 'a smaller batch' }
  const sizes = [horizon * occurrences * 4, keys, keys, order, order, counts, runs]
  return sizes.map((bytes) => ({ ...plan, bytes }))
}

function interactionBuffers({ interactions, sampler }: FitShape, horizon: number): MemoryPart[] {
  const { rows, columnCount, columns } = interactions
  const remedy = 'fewer interactions'
  const pairs = 4 * columns.length
  const drawFrom = sampler.positives === 'user' ? 4 * activeUsers(interactions) : pairs
  const margin = [
    { name: 'items by popularity', bytes: 8 * columnCount },
    { name: 'the interactions by popularity', bytes: pairs, remedy },
    { name: 'the popularity of items', bytes: 4 * columnCount },
    { name: 'the margins of a horizon', bytes: 4 * horizon },
  ]
  return [
    { name: 'the users of the interactions', bytes: 4 * (rows + 1) },
    { name: 'the items of the interactions', bytes: pairs, remedy },
    { name: 'the users to draw', bytes: drawFrom, remedy },
    ...(sampler.margin === undefined ? [] : margin),
  ]
}

function activeUsers({ rows, rowPointer }: FitShape['interactions']): number {
  if (rowPointer === undefined) return rows
  let active = 0
  for (let user = 0; user < rows; user++) if (rowPointer[user + 1]! > rowPointer[user]!) active++
  return active
}

function stepBuffers(shape: FitShape, horizon: number): MemoryPart[] {
  const { batch, objective, interactions, arms } = shape
  const remedy = 'a smaller batch'
  const items = interactions.columnCount
  const { users: mostUsers, items: mostItems } = mostRuns(shape)
  const distances = 16 * (mostUsers + mostItems)
  return [
    { name: 'the snapshots of a step', bytes: snapshotBytes(shape), remedy },
    { name: 'the losses of a horizon', bytes: 4 * horizon * batch },
    { name: 'the losses of a horizon', bytes: 4 * horizon },
    ...(objective.kind === 'dice' ? [{ name: 'the popularity of items', bytes: 4 * items }] : []),
    ...(objective.kind === 'dice' && objective.discrepancy.kind === 'dCor'
      ? [distances, distances, 2 * 16, 2 * 16].map((bytes) => ({ name: 'the means of distances', bytes, remedy }))
      : []),
    ...(objective.kind === 'bpr' || objective.kind === 'bce'
      ? [
          {
            name: 'the numbers of items',
            bytes: objective.scoreFactors === undefined && objective.lossWeights === undefined ? 0 : 8 * items,
          },
        ]
      : []),
    ...(arms === undefined || arms.discrepancy.kind === 'none' ? [] : [{ name: 'the counts of pairs', bytes: 2 * 4 }]),
  ]
}

/** Lazy updates keep the steps of rows and a table of drift, dense ones a gradient as large as the table. */
function updateBuffers(shape: FitShape, horizon: number): MemoryPart[] {
  const { optimizer, interactions, backbone } = shape
  if (optimizer.kind === 'adam' && optimizer.update === 'lazy') {
    const sizes = lazySizes(optimizer, interactions.rows + interactions.columnCount, horizon)
    return [
      { name: 'the last steps of rows', bytes: sizes.lastSteps },
      { name: 'the steps that touch rows', bytes: sizes.touches },
      { name: 'the drift of lazy Adam', bytes: sizes.drift },
    ]
  }
  const couldBeLazy = backbone.kind === 'mf' && optimizer.kind === 'adam' && shape.arms === undefined
  return [
    {
      name: 'the gradient',
      bytes: tableBytes(shape),
      remedy: couldBeLazy ? 'lazy updates' : 'a smaller dimension',
    },
    { name: 'the marks of touched rows', bytes: 8 * tableRows(shape) },
  ]
}

type Chunks = ReturnType<typeof countChunks>

function graphBuffers(shape: FitShape, { chunks, longRows, partials }: Chunks, horizon: number): MemoryPart[] {
  const { interactions, dimension, backbone } = shape
  const { nodes, edges } = graphSize(shape)
  const isSymmetric = backbone.kind === 'lgn' && (backbone.degreeExponent ?? 0.5) === 0.5
  const layers = { name: 'the propagated layers', remedy: 'a smaller dimension' }
  const layer = 4 * (interactions.rows + interactions.columnCount) * dimension
  return [
    { ...layers, bytes: layer },
    { ...layers, bytes: layer },
    { name: 'the gradient', bytes: tableBytes(shape), remedy: 'a smaller dimension' },
    { name: 'the marks of rows', bytes: 4 * horizon * markWordsFor(shape) },
    { name: 'the graph', bytes: 4 * edges, remedy: 'fewer interactions' },
    { name: 'the chunks of the graph', bytes: 16 * chunks },
    { name: 'the chunks of the graph', bytes: 16 * longRows },
    { name: 'the partial sums of long rows', bytes: 4 * partials * dimension, remedy: 'a smaller dimension' },
    { name: 'the scales of nodes', bytes: (isSymmetric ? 4 : 8) * nodes },
  ]
}

function graphSize({ interactions, backbone }: FitShape): { readonly nodes: number; readonly edges: number } {
  const nodes = interactions.rows + interactions.columnCount
  const loops = backbone.kind === 'lgn' && backbone.selfLoops === true ? nodes : 0
  return { nodes, edges: 2 * interactions.columns.length + loops }
}

function chunksOf(shape: FitShape, edgesPerChunk: number): Chunks {
  const { rows, columnCount, columns, rowPointer } = shape.interactions
  const { nodes, edges } = graphSize(shape)
  if (!(columns instanceof Uint32Array) || rowPointer === undefined) return mostChunks(nodes, edges, edgesPerChunk)
  const loops = (edges - 2 * columns.length) / nodes
  const lengths = new Uint32Array(nodes).fill(loops)
  for (let user = 0; user < rows; user++) lengths[user]! += rowPointer[user + 1]! - rowPointer[user]!
  const ofItems = columnCounts({ rows, columnCount, rowPointer, columns })
  for (let item = 0; item < columnCount; item++) lengths[rows + item]! += ofItems[item]!
  return countChunks(lengths, edgesPerChunk)
}
