import { interactionGraph } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { countChunks, cutIntoChunks, mostChunks } from '../src/chunks.ts'
import { randomInteractions } from '@gradrec/parity'

test.each([1, 3, 256])('chunks of at most %i edges cover every edge of every row once', (edgesPerChunk) => {
  const graph = interactionGraph(randomInteractions(30, 20, 300))
  const { chunks, longRows, partials } = cutIntoChunks(graph, edgesPerChunk)
  const lengths = Array.from({ length: graph.nodes }, (_, row) => graph.rowPointer[row + 1]! - graph.rowPointer[row]!)
  const counts = { chunks: chunks.length / 4, longRows: longRows.length / 4, partials }
  expect(countChunks(lengths, edgesPerChunk)).toEqual(counts)
  const most = mostChunks(graph.nodes, graph.columns.length, edgesPerChunk)
  for (const name of ['chunks', 'longRows', 'partials'] as const)
    expect(most[name]).toBeGreaterThanOrEqual(counts[name])
  const rowOfEdge = new Map<number, number>()
  const rows = new Set<number>()
  const partialRows: number[] = []
  for (let n = 0; n < chunks.length; n += 4) {
    const [row, first, end, partial] = chunks.subarray(n, n + 4) as unknown as [number, number, number, number]
    rows.add(row)
    expect(end - first).toBeLessThanOrEqual(edgesPerChunk)
    for (let edge = first; edge < end; edge++) {
      expect(rowOfEdge.has(edge)).toBe(false)
      rowOfEdge.set(edge, row)
    }
    if (partial > 0) partialRows[partial - 1] = row
  }
  expect(rows.size).toBe(graph.nodes)
  for (let row = 0; row < graph.nodes; row++) {
    for (let edge = graph.rowPointer[row]!; edge < graph.rowPointer[row + 1]!; edge++)
      expect(rowOfEdge.get(edge)).toBe(row)
  }
  expect(partialRows.length).toBe(partials)
  for (let n = 0; n < longRows.length; n += 4) {
    for (let partial = longRows[n + 1]!; partial < longRows[n + 2]!; partial++)
      expect(partialRows[partial]).toBe(longRows[n])
  }
})
