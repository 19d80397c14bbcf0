import { csrFromPairs, interactionGraph, type Graph, type GraphOptions } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { dropoutMasks, propagate, propagateBack, spmm } from '../src/index.ts'
import { normalTable, twoTastes } from './tinySpec.ts'

type Dense = readonly (readonly number[])[]

/** D^−(1−r) A D^−r written out from the interactions, sharing nothing with `interactionGraph`. */
function normalisedAdjacency(
  pairs: readonly (readonly [number, number])[],
  users: number,
  items: number,
  { selfLoops = false, degreeExponent = 0.5 }: GraphOptions = {},
): Dense {
  const n = users + items
  const A = Array.from({ length: n }, () => Array.from({ length: n }, () => 0))
  for (const [u, i] of pairs) {
    A[u]![users + i] = 1
    A[users + i]![u] = 1
  }
  if (selfLoops) for (let node = 0; node < n; node++) A[node]![node] = 1
  const degree = A.map((row) => row.reduce((sum, value) => sum + value, 0))
  return A.map((row, r) =>
    row.map((value, c) =>
      value === 0 ? 0 : value / (degree[r]! ** (1 - degreeExponent) * degree[c]! ** degreeExponent),
    ),
  )
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
const interactions = csrFromPairs(
  pairs.map(([u]) => u),
  pairs.map(([, i]) => i),
  4,
  4,
)
const graph: Graph = interactionGraph(interactions)
const A = normalisedAdjacency(pairs, 4, 4)
const d = 3
const table = Float64Array.from(normalTable(8 * d, 1))

describe('spmm', () => {
  it('is the product with D^−½ A D^−½', () => {
    expectClose(spmm(graph, table, d), product(A, rowsOf(table, d)))
  })

  it.each([
    { selfLoops: true },
    { degreeExponent: 0.3 },
    { selfLoops: true, degreeExponent: 0 },
    { selfLoops: true, degreeExponent: 1 },
  ])('is the product with D^−(1−r) A D^−r: %j', (options) => {
    const dense = normalisedAdjacency(pairs, 4, 4, options)
    expectClose(spmm(interactionGraph(interactions, options), table, d), product(dense, rowsOf(table, d)))
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

  it('multiplies every layer by its mask, before it goes further and into the mean', () => {
    const options = { selfLoops: true, degreeExponent: 0.3 }
    const skewed = interactionGraph(interactions, options)
    const masks = dropoutMasks(2, { dropout: 0.4, seed: 1, nodes: 8, layers: 2, dimension: d })
    const dense = normalisedAdjacency(pairs, 4, 4, options)
    const times = (x: Dense, mask: Float64Array): Dense =>
      x.map((row, r) => row.map((value, f) => value * mask[r * d + f]!))
    const first = times(product(dense, rowsOf(table, d)), masks[0]!)
    const second = times(product(dense, first), masks[1]!)
    const mean = rowsOf(table, d).map((row, r) => row.map((value, f) => (value + first[r]![f]! + second[r]![f]!) / 3))
    expectClose(propagate(table, skewed, 2, d, masks), mean)
  })
})

describe('propagateBack', () => {
  const larger = interactionGraph(twoTastes())
  const skewed = interactionGraph(twoTastes(), { selfLoops: true, degreeExponent: 0.3 })
  const masks = dropoutMasks(3, { dropout: 0.4, seed: 8, nodes: larger.nodes, layers: 3, dimension: 1 })
  const x = Float64Array.from(normalTable(larger.nodes, 1, 1))
  const y = Float64Array.from(normalTable(larger.nodes, 1, 2))

  it.each([
    ['symmetric', larger, undefined],
    ['not symmetric', skewed, undefined],
    ['not symmetric, with dropout', skewed, masks],
  ] as const)('is the adjoint, ⟨propagate(x), y⟩ = ⟨x, propagateBack(y)⟩: %s', (_, of, dropped) => {
    const expected = inner(propagate(x, of, 3, 1, dropped), y)
    expect(inner(x, propagateBack(y, of, 3, 1, dropped))).toBeCloseTo(expected, 12)
  })

  it('is propagate itself on a symmetric graph, and only there', () => {
    const [back, forward] = [propagateBack(y, larger, 3, 1), propagate(y, larger, 3, 1)]
    for (const [at, value] of back.entries()) expect(value).toBeCloseTo(forward[at]!, 14)
    const apart = propagateBack(y, skewed, 3, 1).map((value, at) => value - propagate(y, skewed, 3, 1)[at]!)
    expect(Math.hypot(...apart)).toBeGreaterThan(0.01)
  })
})
