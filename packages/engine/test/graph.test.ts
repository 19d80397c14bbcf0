import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  csrFromPairs,
  interactionGraph,
  transposedGraph,
  type Csr,
  type Graph,
  type GraphOptions,
} from '../src/index.ts'

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

/** D^−(1−r) A D^−r written out, with A from the pairs alone. */
function denseMatrix(matrix: Csr, { selfLoops = false, degreeExponent: r = 0.5 }: GraphOptions): number[][] {
  const nodes = USERS + ITEMS
  const A = Array.from({ length: nodes }, (_, a): number[] =>
    Array.from({ length: nodes }, (__, b) => (selfLoops && a === b ? 1 : 0)),
  )
  for (let u = 0; u < USERS; u++) {
    for (let at = matrix.rowPointer[u]!; at < matrix.rowPointer[u + 1]!; at++) {
      A[u]![USERS + matrix.columns[at]!] = 1
      A[USERS + matrix.columns[at]!]![u] = 1
    }
  }
  const degree = A.map((row) => row.reduce((sum, value) => sum + value, 0))
  return A.map((row, a) => row.map((value, b) => (value === 0 ? 0 : degree[a]! ** (r - 1) * degree[b]! ** -r)))
}

/** The matrix that a graph stands for. */
function matrixOf(graph: Graph): number[][] {
  return Array.from({ length: graph.nodes }, (_, a) => {
    const row = Array.from({ length: graph.nodes }, () => 0)
    for (const b of neighbours(graph, a)) row[b]! += graph.rowScale[a]! * graph.columnScale[b]!
    return row
  })
}

function expectClose(actual: number[][], expected: number[][]): void {
  for (const [a, row] of expected.entries()) {
    // Two float32 scales.
    for (const [b, value] of row.entries()) expect(Math.abs(actual[a]![b]! - value)).toBeLessThan(3e-7)
  }
}

const options = fc.record({ selfLoops: fc.boolean(), degreeExponent: fc.constantFrom(0, 0.2, 0.5, 0.7, 1) })

describe('interactionGraph with options', () => {
  it('is the matrix D^−(1−r) A D^−r, with or without self-loops', () => {
    fc.assert(
      fc.property(interactions, options, (matrix, of) => {
        expectClose(matrixOf(interactionGraph(matrix, of)), denseMatrix(matrix, of))
      }),
    )
  })

  it('counts a self-loop in the degree, and keeps neighbours ascending with it', () => {
    fc.assert(
      fc.property(interactions, (matrix) => {
        const [plain, looped] = [interactionGraph(matrix), interactionGraph(matrix, { selfLoops: true })]
        for (let node = 0; node < plain.nodes; node++) {
          expect(neighbours(looped, node)).toEqual([...neighbours(plain, node), node].sort((a, b) => a - b))
        }
      }),
    )
  })

  it('keeps a node without edges out, with all exponents', () => {
    const graph = interactionGraph(csrFromPairs([0], [0], USERS, ITEMS), { degreeExponent: 0 })
    expect(graph.rowScale[1]).toBe(0)
    expect(graph.columnScale[1]).toBe(0)
    expect(graph.columnScale[0]).toBe(1)
  })
})

describe('transposedGraph', () => {
  it('is the transposed matrix, and twice the graph itself', () => {
    fc.assert(
      fc.property(interactions, options, (matrix, of) => {
        const graph = interactionGraph(matrix, of)
        const back = matrixOf(transposedGraph(graph))
        for (const [a, row] of matrixOf(graph).entries()) {
          for (const [b, value] of row.entries()) expect(back[b]![a]).toBe(value)
        }
        expect(transposedGraph(transposedGraph(graph))).toEqual(graph)
      }),
    )
  })
})

describe('interactionGraph', () => {
  it('joins each user with the items of their interactions, in both directions and nothing else', () => {
    fc.assert(
      fc.property(interactions, (matrix) => {
        const graph = interactionGraph(matrix)
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
        const graph = interactionGraph(matrix)
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
        const graph = interactionGraph(matrix)
        for (let node = 0; node < graph.nodes; node++) {
          const degree = neighbours(graph, node).length
          expect(graph.rowScale[node]).toBe(degree === 0 ? 0 : Math.fround(1 / Math.sqrt(degree)))
        }
      }),
    )
  })
})
