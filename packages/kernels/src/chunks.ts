import type { Graph } from '@gradrec/engine'

/** A graph's rows cut so that no lane group adds up more than a bounded number of edges. */
export interface Chunks {
  /** (row, first edge, end of edges, 1 + partial sum or 0) each; long chunks first, so that neighbours take alike. */
  readonly chunks: Uint32Array
  /** (row, first partial sum, end of partial sums, 0) of each row that was cut. */
  readonly longRows: Uint32Array
  readonly partials: number
}

/** Cuts rows into chunks of at most `edgesPerChunk` edges; a row without edges is one empty chunk. */
export function cutIntoChunks(graph: Pick<Graph, 'nodes' | 'rowPointer'>, edgesPerChunk: number): Chunks {
  const chunks: [number, number, number, number][] = []
  const longRows: number[] = []
  let partials = 0
  for (let row = 0; row < graph.nodes; row++) {
    const first = graph.rowPointer[row]!
    const end = graph.rowPointer[row + 1]!
    if (end - first <= edgesPerChunk) {
      chunks.push([row, first, end, 0])
      continue
    }
    const firstPartial = partials
    for (let edge = first; edge < end; edge += edgesPerChunk) {
      partials++
      chunks.push([row, edge, Math.min(edge + edgesPerChunk, end), partials])
    }
    longRows.push(row, firstPartial, partials, 0)
  }
  chunks.sort((a, b) => b[2] - b[1] - (a[2] - a[1]) || a[1] - b[1] || a[0] - b[0])
  return { chunks: Uint32Array.from(chunks.flat()), longRows: Uint32Array.from(longRows), partials }
}
