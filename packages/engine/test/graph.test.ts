import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csrFromPairs, symmetricGraph, type Csr, type Graph } from '../src/index.ts'

const USERS = 6
const ITEMS = 4

const interactions = fc.array(fc.tuple(fc.nat(USERS - 1), fc.nat(ITEMS - 1)), { maxLength: 30 }).map((list): Csr =>
  csrFromPairs(
    list.map(([u]) => u),
    list.map(([, i]) => i),
    USERS,
    ITEMS,
  ),
)

function neighbours(graph: Graph, node: number): number[] {
  return [...graph.columns.subarray(graph.rowPointer[node]!, graph.rowPointer[node + 1]!)]
}

describe('symmetricGraph', () => {
  it('joins each user with the items of their interactions, in both directions and nothing else', () => {
    fc.assert(
      fc.property(interactions, (matrix) => {
        const graph = symmetricGraph(matrix)
        expect(graph.nodes).toBe(USERS + ITEMS)
        expect(graph.columns.length).toBe(2 * matrix.columns.length)
        for (let u = 0; u < USERS; u++) {
          const items = [...matrix.columns.subarray(matrix.rowPointer[u]!, matrix.rowPointer[u + 1]!)]
          expect(neighbours(graph, u)).toEqual(items.map((item) => USERS + item))
        }
        for (let a = 0; a < graph.nodes; a++) {
          for (const b of neighbours(graph, a)) expect(neighbours(graph, b)).toContain(a)
        }
      }),
    )
  })

  it('keeps neighbours ascending and distinct', () => {
    fc.assert(
      fc.property(interactions, (matrix) => {
        const graph = symmetricGraph(matrix)
        for (let node = 0; node < graph.nodes; node++) {
          const list = neighbours(graph, node)
          expect(list).toEqual([...new Set(list)].sort((a, b) => a - b))
        }
      }),
    )
  })

  it('scales each node by 1/√degree, and a node without edges by 0', () => {
    fc.assert(
      fc.property(interactions, (matrix) => {
        const graph = symmetricGraph(matrix)
        for (let node = 0; node < graph.nodes; node++) {
          const degree = neighbours(graph, node).length
          expect(graph.scale[node]).toBe(degree === 0 ? 0 : Math.fround(1 / Math.sqrt(degree)))
        }
      }),
    )
  })
})
