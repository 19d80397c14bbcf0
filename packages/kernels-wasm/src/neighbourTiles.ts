import type { Graph } from '@gradrec/engine'

/** How sums over neighbours are cut into tiles: see assembly/tiles.ts. */
export interface Tiling {
  /** Rows of a tile at most, of which 128 bytes each are gathered from at a time: about a core's second cache. */
  readonly rows: number
  /** Neighbours that a row has in a tile at least, on average: fewer do not pay for taking up its sum again. */
  readonly edges: number
}

export const TILING: Tiling = { rows: 9600, edges: 6 }

/** Tiles that the neighbours of `rows` rows are cut into, who are among `others`, `edges` in all; 1 where they are not cut. */
export function tileCount(rows: number, others: number, edges: number, tiling: Tiling): number {
  const tiles = Math.ceil(others / tiling.rows)
  return tiles > 1 && edges >= tiling.edges * rows * tiles ? tiles : 1
}

/**
 * Cuts the neighbours of rows `first` … `end` − 1, which are nodes of the other side, into `tiles` tiles of about equally many rows. What
 * lies before or behind the other side, a row's own node, belongs to the first tile or the last.
 *
 * @returns [tiles + 1][row of the side] the edge where a row's part of the tile begins, or ends for the last
 */
export function sideTiles(
  { rowPointer, columns }: Pick<Graph, 'rowPointer' | 'columns'>,
  [first, end]: readonly [number, number],
  [otherFirst, otherEnd]: readonly [number, number],
  tiles: number,
): Uint32Array {
  const rows = end - first
  const size = Math.ceil((otherEnd - otherFirst) / tiles)
  const edges = new Uint32Array((tiles + 1) * rows)
  for (let row = 0; row < rows; row++) {
    let edge = rowPointer[first + row]!
    const last = rowPointer[first + row + 1]!
    for (let tile = 0; tile < tiles; tile++) {
      edges[tile * rows + row] = edge
      const tileEnd = tile + 1 === tiles ? Infinity : otherFirst + (tile + 1) * size
      while (edge < last && columns[edge]! < tileEnd) edge++
    }
    edges[tiles * rows + row] = last
  }
  return edges
}
