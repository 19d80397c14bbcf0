import type { Graph } from '@gradrec/engine'

/** A row costs about as much as so many edges, besides its edges. */
const ROW_COST = 4

/**
 * Cuts a graph's rows into pieces of about equal work, the unit that threads take. A row is never cut, so that its sum has one
 * order.
 *
 * @param cost work of a piece, in edges
 * @returns the first row of each piece, then the number of rows
 */
export function edgePieces({ nodes, rowPointer }: Pick<Graph, 'nodes' | 'rowPointer'>, cost = 2048): Uint32Array {
  const boundaries = [0]
  let since = 0
  for (let row = 0; row < nodes; row++) {
    since += rowPointer[row + 1]! - rowPointer[row]! + ROW_COST
    if (since < cost || row === nodes - 1) continue
    boundaries.push(row + 1)
    since = 0
  }
  return Uint32Array.from([...boundaries, nodes])
}
