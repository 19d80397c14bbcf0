import { NO_ITEM, type Matrix, type Ranking, type RankOptions } from '@gradrec/engine'
import { expect } from 'vitest'
import { expectClose } from './closeTo.ts'

/** Scores of order 1 are summed in float32, in an engine's own order. */
const TOLERANCE = { absolute: 2e-5 } as const

/** Fails where the scores of two rankings differ, place by place. Items may: near-ties swap places between engines. */
export function expectSameRanking(found: Ranking, expected: Ranking): void {
  const finite = (score: number): number => (score === -Infinity ? -1e9 : score)
  expect(found.k).toBe(expected.k)
  expect(found.items.length).toBe(expected.items.length)
  expectClose([...found.scores].map(finite), [...expected.scores].map(finite), TOLERANCE)
}

/** Fails where a list lies: no repeats, nothing excluded, as long as it can be, every score its item's own. */
export function expectHonestLists(found: Ranking, users: Matrix, items: Matrix, options: RankOptions): void {
  for (let user = 0; user < users.rows; user++) checkList(user, found, users, items, options)
}

function checkList(user: number, found: Ranking, users: Matrix, items: Matrix, { k, exclude }: RankOptions): void {
  const { dimension } = users
  const list = found.items.subarray(user * k, (user + 1) * k)
  const named = [...list].filter((item) => item !== NO_ITEM)
  expect(new Set(named).size).toBe(named.length)
  const excluded = exclude?.columns.subarray(exclude.rowPointer[user], exclude.rowPointer[user + 1])
  expect(named.filter((item) => excluded?.includes(item))).toEqual([])
  expect(named.length).toBe(Math.min(k, items.rows - (excluded?.length ?? 0)))
  for (const [place, item] of named.entries()) {
    let score = 0
    for (let c = 0; c < dimension; c++)
      score += users.values[user * dimension + c]! * items.values[item * dimension + c]!
    expectClose([found.scores[user * k + place]!], [score], TOLERANCE)
  }
}
