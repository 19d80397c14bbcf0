import type { FitShape, FitSpec } from '@gradrec/engine'
import { sizes } from './wasm.generated.ts'

/** What the distance correlation keeps in the engine's memory: see assembly/distanceCorrelation.ts. */
type DistanceArray =
  | ('distancePanels' | 'distanceColumns' | 'distanceTiles' | 'distanceParts' | 'distancePieces')
  | ('distanceMeans' | 'distanceGradients' | 'distanceScratch')

const NOTHING: Readonly<Record<DistanceArray, number>> = {
  distancePanels: 0,
  distanceColumns: 0,
  distanceTiles: 0,
  distanceParts: 0,
  distancePieces: 0,
  distanceMeans: 0,
  distanceGradients: 0,
  distanceScratch: 0,
}

/** Distances of a step that are kept, rather than computed twice: those of some 4,000 rows. */
const MOST_TILE_BYTES = 64 << 20

type DistanceSpec = Pick<FitShape, 'objective' | 'interactions' | 'batch' | 'sampler' | 'dimension'>

/** Bytes of each array; `runs`: distinct rows of a step at most. */
export function distanceSizes(spec: DistanceSpec, runs: number, threads: number): Record<DistanceArray, number> {
  if (!correlatesDistances(spec)) return { ...NOTHING }
  const { dimension } = spec
  const { panel, blockPanels, mostBlocks, scratch } = sizes.distance
  const panels = mostPanels(spec)
  const rows = panels * panel
  const blocks = Math.min(mostBlocks, Math.ceil(panels / blockPanels))
  return {
    distancePanels: 4 * rows * dimension,
    distanceColumns: 4 * rows * 2 * panel * Math.ceil(dimension / 2 / panel),
    distanceTiles: tileBytes(spec),
    distanceParts: 16 * rows * blocks,
    distancePieces: 16 * blocks * (blocks + 1),
    distanceMeans: 24 * rows,
    distanceGradients: 4 * runs * dimension,
    distanceScratch: threads * scratch,
  }
}

/** Field of the fit's block. */
export function distanceFields(spec: DistanceSpec): { readonly distanceTileBytes: number } {
  return { distanceTileBytes: tileBytes(spec) }
}

function tileBytes(spec: DistanceSpec): number {
  if (!correlatesDistances(spec)) return 0
  const panels = mostPanels(spec)
  return Math.min(MOST_TILE_BYTES, ((panels * (panels + 1)) / 2) * sizes.distance.tile)
}

/** Panels that the distinct users, or the distinct items, of a step make at most. */
function mostPanels({ interactions, batch, sampler }: DistanceSpec): number {
  const users = Math.min(interactions.rows, batch)
  const items = Math.min(interactions.columnCount, batch * (sampler.negatives + 1))
  return Math.ceil(Math.max(users, items) / sizes.distance.panel)
}

function correlatesDistances({ objective }: Pick<FitSpec, 'objective'>): boolean {
  return objective.kind === 'dice' && objective.discrepancy.kind === 'dCor'
}
