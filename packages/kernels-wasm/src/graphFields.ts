import { interactionGraph, type FitShape, type FitSpec } from '@gradrec/engine'
import { edgePieces } from './edgePieces.ts'
import type { LinearMemory } from './linearMemory.ts'
import { sideTiles, tileCount, TILING, type Tiling } from './neighbourTiles.ts'
import { sizes } from './wasm.generated.ts'

/** What LightGCN keeps of its graph in the engine's memory. */
export type GraphArray =
  | ('graphPointer' | 'graphColumns' | 'graphRowScale' | 'graphColumnScale' | 'pieces')
  | ('userTileEdges' | 'itemTileEdges')

type GraphShape = Pick<FitShape, 'interactions' | 'backbone' | 'dimension'>

/** Ranges of rows with tiles for each thread, so that none is without work for long. */
const RANGES_PER_THREAD = 4

/** Bytes of each array. */
export function graphSizes(shape: GraphShape, tiling?: Tiling): Record<GraphArray, number> {
  const { interactions, backbone } = shape
  const isGraph = backbone.kind === 'lgn'
  const { userTiles, itemTiles } = tilesOf(shape, tiling)
  const nodes = isGraph ? interactions.rows + interactions.columnCount : 0
  const edges = isGraph ? 2 * interactions.columns.length + (backbone.selfLoops ? nodes : 0) : 0
  return {
    graphPointer: isGraph ? 4 * (nodes + 1) : 0,
    graphColumns: 4 * edges,
    graphRowScale: 4 * nodes,
    graphColumnScale: 4 * nodes,
    pieces: isGraph ? 4 * (nodes + 1) : 0,
    userTileEdges: userTiles > 1 ? 4 * (userTiles + 1) * interactions.rows : 0,
    itemTileEdges: itemTiles > 1 ? 4 * (itemTiles + 1) * interactions.columnCount : 0,
  }
}

/** Writes the graph of a run, if it has one; returns how many pieces of work its rows are. */
export function writeGraph(
  memory: LinearMemory,
  spec: Pick<FitSpec, 'interactions' | 'backbone' | 'dimension'>,
  at: Readonly<Record<GraphArray, number>>,
  tiling?: Tiling,
): { readonly pieceCount: number } {
  const { interactions, backbone } = spec
  if (backbone.kind !== 'lgn') return { pieceCount: 0 }
  const graph = interactionGraph(interactions, backbone)
  const pieces = edgePieces(graph)
  const { userTiles, itemTiles } = tilesOf(spec, tiling)
  const users = [0, interactions.rows] as const
  const items = [interactions.rows, graph.nodes] as const
  const write = (address: number, words: Uint32Array): void => memory.words(address, words.length).set(words)
  write(at.graphPointer, graph.rowPointer)
  write(at.graphColumns, graph.columns)
  memory.floats(at.graphRowScale, graph.nodes).set(graph.rowScale)
  memory.floats(at.graphColumnScale, graph.nodes).set(graph.columnScale)
  write(at.pieces, pieces)
  if (userTiles > 1) write(at.userTileEdges, sideTiles(graph, users, items, userTiles))
  if (itemTiles > 1) write(at.itemTileEdges, sideTiles(graph, items, users, itemTiles))
  return { pieceCount: pieces.length - 1 }
}

/** Fields of the fit's block. */
export function tileFields(
  shape: GraphShape,
  threads: number,
  tiling?: Tiling,
): { readonly userTiles: number; readonly itemTiles: number; readonly tileRanges: number } {
  const blocks = Math.ceil((4 * shape.dimension) / sizes.columnBlock)
  return {
    ...tilesOf(shape, tiling),
    tileRanges: threads === 1 ? 1 : Math.ceil((RANGES_PER_THREAD * threads) / blocks),
  }
}

function tilesOf({ interactions, backbone }: GraphShape, tiling: Tiling = TILING) {
  const { rows: users, columnCount: items, columns } = interactions
  if (backbone.kind !== 'lgn') return { userTiles: 1, itemTiles: 1 }
  return {
    userTiles: tileCount(users, items, columns.length, tiling),
    itemTiles: tileCount(items, users, columns.length, tiling),
  }
}
