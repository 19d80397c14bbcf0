import { interactionGraph, type Arms } from '@gradrec/engine'
import { randomInteractions, randomSpec } from '@gradrec/parity'
import { expect, test } from 'vitest'
import { edgePieces } from '../src/edgePieces.ts'
import { horizonSteps, placesPerStep } from '../src/horizon.ts'
import { addressesFrom, layOut } from '../src/layout.ts'

test('pieces cover all rows once and have about as much work each', () => {
  const graph = interactionGraph(randomInteractions(500, 40, 6000))
  const pieces = edgePieces(graph, 300)
  expect(pieces[0]).toBe(0)
  expect(pieces.at(-1)).toBe(graph.nodes)
  for (let piece = 0; piece + 1 < pieces.length; piece++) {
    const [first, end] = [pieces[piece]!, pieces[piece + 1]!]
    expect(end).toBeGreaterThan(first)
    // Without its last row a piece is not full yet.
    const cost = graph.rowPointer[end - 1]! - graph.rowPointer[first]! + 4 * (end - 1 - first)
    expect(cost).toBeLessThan(300)
  }
  expect([...edgePieces({ nodes: 1, rowPointer: Uint32Array.of(0, 0) })]).toEqual([0, 1])
})

test('horizons are as long as their plan has room', () => {
  expect(horizonSteps(randomSpec({ batch: 1 }))).toBe(64)
  expect(placesPerStep(randomSpec({ batch: 100 }))).toBe(400)
  expect(horizonSteps(randomSpec({ batch: 8192, sampler: { positives: 'user', negatives: 4 } }))).toBe(10)
  expect(horizonSteps(randomSpec({ batch: 65_536, sampler: { positives: 'user', negatives: 64 } }))).toBe(1)
})

test('a step has places for the counterparts of its rows where they pull at each other', () => {
  const discrepancy = { kind: 'l2', weight: 1 } as const
  const sampler = { positives: 'interaction', negatives: 4 } as const
  const placesWith = (arms: Arms): number => placesPerStep({ ...randomSpec({ batch: 10, sampler }), arms })
  expect(placesWith({ users: 'shared', discrepancy })).toBe(10 * (1 + 5 + 5))
  expect(placesWith({ users: 'apart', discrepancy })).toBe(10 * (1 + 5 + 5 + 1))
  expect(placesWith({ users: 'apart', discrepancy: { kind: 'none', weight: 1 } })).toBe(10 * (1 + 5))
})

test('arrays lie one after another on cache lines; those without bytes have no address', () => {
  const layout = layOut({ a: 3, none: 0, b: 65, c: 64 })
  expect(layout.bytes).toBe(64 + 128 + 64)
  expect(addressesFrom(640, layout)).toEqual({ a: 640, none: 0, b: 704, c: 832 })
})
