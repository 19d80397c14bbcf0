import type { Graph } from '@gradrec/engine'

/** A graph's rows cut so that no lane group adds up more than a bounded number of edges. */
export interface Chunks {
  /** (row, first edge, end of edges, 1 + partial sum or 0) each; long chunks first, so that neighbours take alike. */
  readonly chunks: Uint32Array
  /** (row, first partial sum, end of partial sums, 0) of each row that was cut. */
  readonly longRows: Uint32Array
  readonly partials: number
}

/** What `cutIntoChunks` makes of rows of these lengths, counted. */
export function countChunks(
  rowLengths: Iterable<number>,
  edgesPerChunk: number,
): Readonly<Record<'chunks' | 'longRows' | 'partials', number>> {
  const counts = { chunks: 0, longRows: 0, partials: 0 }
  for (const edges of rowLengths) {
    if (edges <= edgesPerChunk) {
      counts.chunks++
      continue
    }
    const pieces = Math.ceil(edges / edgesPerChunk)
    counts.chunks += pieces
    counts.partials += pieces
    counts.longRows++
  }
  return counts
}

/** The same for so many rows with so many edges in all, at the most. */
export function mostChunks(nodes: number, edges: number, edgesPerChunk: number): ReturnType<typeof countChunks> {
  // A row that is cut has more than a chunk of edges, so that rounding up at most doubles its pieces.
  const longRows = Math.min(nodes, Math.floor(edges / (edgesPerChunk + 1)))
  const pieces = Math.floor(edges / edgesPerChunk)
  return { chunks: nodes + pieces, longRows, partials: pieces + longRows }
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
