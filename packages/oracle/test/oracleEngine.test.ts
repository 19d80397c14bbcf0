import { csrFromPairs, NO_ITEM, interactionGraph, type Matrix } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { openOracleEngine, propagate } from '../src/index.ts'
import { normalTable, twoTastes } from './tinySpec.ts'

const engine = openOracleEngine()

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, dimension: rows[0]!.length, values: Float32Array.from(rows.flat()) }
}

const users = matrix([
  [1, 0],
  [0, 1],
])
const items = matrix([
  [1, 5],
  [3, 5],
  [3, 1],
  [2, 5],
])

describe('rank', () => {
  it('lists items by inner product, ties by the lower number', async () => {
    const { k, items: lists, scores } = await engine.rank(users, items, { k: 3 })
    expect(k).toBe(3)
    expect([...lists]).toEqual([1, 2, 3, 0, 1, 3])
    expect([...scores]).toEqual([3, 3, 2, 5, 5, 5])
  })

  it('never lists what is excluded for that user', async () => {
    const exclude = csrFromPairs([0, 0, 1], [1, 3, 0], 2, 4)
    const { items: lists } = await engine.rank(users, items, { k: 2, exclude })
    expect([...lists]).toEqual([2, 0, 1, 3])
  })

  it('pads a list that runs out of items', async () => {
    const exclude = csrFromPairs([0, 0, 0, 1, 1, 1, 1], [0, 1, 3, 0, 1, 2, 3], 2, 4)
    const { items: lists, scores } = await engine.rank(users, items, { k: 2, exclude })
    expect([...lists]).toEqual([2, NO_ITEM, NO_ITEM, NO_ITEM])
    expect([...scores]).toEqual([3, -Infinity, -Infinity, -Infinity])
    expect([...(await engine.rank(users, items, { k: 6 })).items.subarray(4, 6)]).toEqual([NO_ITEM, NO_ITEM])
  })

  it('breaks ties by the scores it returns', async () => {
    // In float64 item 1 is ahead by 2^−30; as float32 both score 1.
    const { items: lists, scores } = await engine.rank(
      matrix([[1, 2 ** -30]]),
      matrix([
        [1, 0],
        [1, 1],
      ]),
      { k: 2 },
    )
    expect([...scores]).toEqual([1, 1])
    expect([...lists]).toEqual([0, 1])
  })

  it('refuses what does not fit together', async () => {
    await expect(engine.rank(users, items, { k: 0 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SpecError: k is 0; expected a whole number from 1 to 1024]`,
    )
    await expect(engine.rank(users, items, { k: 1025 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SpecError: k is 1025; expected a whole number from 1 to 1024]`,
    )
    await expect(engine.rank(matrix([[1, 2, 3]]), items, { k: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SpecError: user vectors have 3 numbers and item vectors 2; expected the same]`,
    )
    const exclude = csrFromPairs([0], [0], 1, 4)
    await expect(engine.rank(users, items, { k: 1, exclude })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SpecError: exclude is 1 users × 4 items; expected 2 × 4, like the vectors]`,
    )
  })
})

describe('rankVariants', () => {
  it('ranks what widened vectors would, for every variant', async () => {
    const corrections = {
      items: matrix([
        [1, 0.5],
        [0, 2],
        [-1, 1],
        [3, 0],
      ]),
      users: [
        matrix([
          [0, 0],
          [0, 0],
        ]),
        matrix([
          [-1, 0.5],
          [2, 1],
        ]),
      ],
    }
    const exclude = csrFromPairs([0], [3], 2, 4)
    const rankings = await engine.rankVariants(users, items, corrections, { k: 3, exclude })
    expect(rankings[0]).toEqual(await engine.rank(users, items, { k: 3, exclude }))
    const widened = (of: Matrix, by: Matrix): Matrix =>
      matrix(
        Array.from({ length: of.rows }, (_, r) => [
          ...of.values.subarray(2 * r, 2 * r + 2),
          ...by.values.subarray(2 * r, 2 * r + 2),
        ]),
      )
    expect(rankings[1]).toEqual(
      await engine.rank(widened(users, corrections.users[1]!), widened(items, corrections.items), { k: 3, exclude }),
    )
    expect(rankings.length).toBe(2)
    // Item 1: 3 + 0.5 · 2; item 2: 3 + 1 + 0.5; item 0: 1 − 1 + 0.25.
    expect([...rankings[1]!.scores.subarray(0, 3)]).toEqual([4.5, 4, 0.25])
  })
})

describe('the oracle engine', () => {
  it('propagates as the formula does, rounded to float32', async () => {
    const graph = interactionGraph(twoTastes())
    const values = normalTable(graph.nodes * 4, 1)
    const table = { rows: graph.nodes, dimension: 4, values }
    const final = await engine.propagate(table, graph, 3)
    expect(final).toMatchObject({ rows: graph.nodes, dimension: 4 })
    expect(final.values).toEqual(Float32Array.from(propagate(Float64Array.from(values), graph, 3, 4)))
  })

  it('says what it is, and closes', async () => {
    expect(engine.name).toBe('oracle')
    expect(engine.device.kind).toBe('software')
    await expect(openOracleEngine().close()).resolves.toBeUndefined()
  })
})
