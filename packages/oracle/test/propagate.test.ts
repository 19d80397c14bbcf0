import { csrFromPairs, symmetricGraph, type Graph } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { propagate, spmm } from '../src/index.ts'
import { normalTable, twoTastes } from './tinySpec.ts'

type Dense = readonly (readonly number[])[]

/** D^−½ A D^−½ written out from the interactions, sharing nothing with `symmetricGraph`. */
function normalisedAdjacency(pairs: readonly (readonly [number, number])[], users: number, items: number): Dense {
  const n = users + items
  const A = Array.from({ length: n }, () => Array.from({ length: n }, () => 0))
  for (const [u, i] of pairs) {
    A[u]![users + i] = 1
    A[users + i]![u] = 1
  }
  const degree = A.map((row) => row.reduce((sum, value) => sum + value, 0))
  return A.map((row, r) => row.map((value, c) => (value === 0 ? 0 : value / Math.sqrt(degree[r]! * degree[c]!))))
}

function product(A: Dense, x: Dense): Dense {
  return A.map((row) => x[0]!.map((_, f) => row.reduce((sum, value, c) => sum + value * x[c]![f]!, 0)))
}

function rowsOf(values: Float64Array, d: number): Dense {
  return Array.from({ length: values.length / d }, (_, r) => [...values.subarray(r * d, (r + 1) * d)])
}

function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0)
}

function expectClose(actual: Float64Array, expected: Dense): void {
  // A graph's scales are float32, so a product of two is right to about 1e-7.
  for (const [at, value] of expected.flat().entries()) {
    expect(Math.abs(actual[at]! - value)).toBeLessThan(3e-7 * (1 + Math.abs(value)))
  }
}

// User 3 and item 2 have no interactions.
const pairs = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 3],
  [1, 0],
  [2, 3],
] as const
const graph: Graph = symmetricGraph(
  csrFromPairs(
    pairs.map(([u]) => u),
    pairs.map(([, i]) => i),
    4,
    4,
  ),
)
const A = normalisedAdjacency(pairs, 4, 4)
const d = 3
const table = Float64Array.from(normalTable(8 * d, 1))

describe('spmm', () => {
  it('is the product with D^−½ A D^−½', () => {
    expectClose(spmm(graph, table, d), product(A, rowsOf(table, d)))
  })
})

describe('propagate', () => {
  it.each([0, 1, 2, 3, 4])('is the mean of layers 0 to %i', (layers) => {
    let layer = rowsOf(table, d)
    let sum = layer
    for (let l = 1; l <= layers; l++) {
      layer = product(A, layer)
      const next = layer
      sum = sum.map((row, r) => row.map((value, f) => value + next[r]![f]!))
    }
    const mean = sum.map((row) => row.map((value) => value / (layers + 1)))
    expectClose(propagate(table, graph, layers, d), mean)
  })

  it('divides a node without edges by the number of layers, as the mean with nothing does', () => {
    const final = propagate(table, graph, 3, d)
    for (let f = 0; f < d; f++) expect(final[3 * d + f]).toBeCloseTo(table[3 * d + f]! / 4, 14)
  })

  it('does not touch its argument', () => {
    const before = table.slice()
    propagate(table, graph, 2, d)
    propagate(table, graph, 0, d).fill(0)
    expect(table).toEqual(before)
  })

  it('is its own transpose: ⟨propagate(x), y⟩ = ⟨x, propagate(y)⟩', () => {
    const larger = symmetricGraph(twoTastes())
    const x = Float64Array.from(normalTable(larger.nodes, 1, 1))
    const y = Float64Array.from(normalTable(larger.nodes, 1, 2))
    expect(inner(propagate(x, larger, 3, 1), y)).toBeCloseTo(inner(x, propagate(y, larger, 3, 1)), 12)
  })
})
