import { NO_ITEM } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { WebGpuEngine } from '../src/index.ts'
import { expectClose } from './closeTo.ts'
import { randomInteractions, randomValues } from './randomRun.ts'
import { testDevice } from './testDevice.ts'

const oracle = openOracleEngine()
// Room for few scores, so that users are ranked in several blocks.
const engine = new WebGpuEngine(await testDevice({ rankScores: 3000 }))

const matrix = (rows: number, dimension: number, stream: number) => ({
  rows,
  dimension,
  values: randomValues(rows * dimension, stream),
})

test.each([
  { users: 1, items: 1, dimension: 4, k: 1 },
  { users: 5, items: 63, dimension: 12, k: 7 },
  { users: 65, items: 65, dimension: 64, k: 20 },
  { users: 200, items: 130, dimension: 20, k: 130 },
  { users: 3, items: 5000, dimension: 512, k: 50 },
])('ranks the full catalogue exactly: %j', async ({ users, items, dimension, k }) => {
  const [userVectors, itemVectors] = [matrix(users, dimension, 1), matrix(items, dimension, 2)]
  const options = users > 1 ? { k, exclude: randomInteractions(users, items, users * 8) } : { k }
  const found = await engine.rank(userVectors, itemVectors, options)
  const expected = await oracle.rank(userVectors, itemVectors, options)
  const finite = (score: number): number => (score === -Infinity ? -1e9 : score)
  expectClose([...found.scores].map(finite), [...expected.scores].map(finite), { absolute: 2e-5 })
  for (let user = 0; user < users; user++) {
    const list = found.items.subarray(user * k, (user + 1) * k)
    const named = [...list].filter((item) => item !== NO_ITEM)
    expect(new Set(named).size).toBe(named.length)
    const excluded = options.exclude?.columns.subarray(
      options.exclude.rowPointer[user],
      options.exclude.rowPointer[user + 1],
    )
    expect(named.filter((item) => excluded?.includes(item))).toEqual([])
    expect(named.length).toBe(Math.min(k, items - (excluded?.length ?? 0)))
    for (const [place, item] of named.entries()) {
      // The score beside an item is that item's own: near-ties may swap places between engines, but never lie.
      let score = 0
      for (let c = 0; c < dimension; c++) {
        score += userVectors.values[user * dimension + c]! * itemVectors.values[item * dimension + c]!
      }
      expectClose([found.scores[user * k + place]!], [score], { absolute: 2e-5 })
    }
  }
})

test('equal scores are listed by item number, the same bits twice', async () => {
  const users = { rows: 2, dimension: 4, values: Float32Array.of(1, 0, 0, 0, -1, 0, 0, 0) }
  const items = {
    rows: 6,
    dimension: 4,
    values: Float32Array.from({ length: 24 }, (_, n) => (n % 4 === 0 ? [1, 2][(n / 4) % 2]! : 0)),
  }
  const first = await engine.rank(users, items, { k: 4 })
  expect([...first.items]).toEqual([1, 3, 5, 0, 0, 2, 4, 1])
  expect(await engine.rank(users, items, { k: 4 })).toEqual(first)
})

test('vectors that cannot be ranked are refused', async () => {
  const good = matrix(3, 4, 1)
  const bad = { ...good, values: good.values.with(5, NaN) }
  await expect(engine.rank(bad, good, { k: 1 })).rejects.toThrow(
    'the vector of user number 1 holds NaN; expected finite numbers',
  )
  await expect(engine.rank(good, matrix(3, 8, 1), { k: 1 })).rejects.toThrow(
    /user vectors have 4 numbers and item vectors 8/,
  )
  await expect(engine.rank(good, good, { k: 0 })).rejects.toThrow('k is 0; expected a whole number from 1 to 1024')
  await expect(engine.rank(good, good, { k: 1, exclude: randomInteractions(4, 3, 4) })).rejects.toThrow(
    'exclude is 4 users × 3 items; expected 3 × 3, like the vectors',
  )
})
