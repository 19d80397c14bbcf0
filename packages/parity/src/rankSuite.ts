import type { Engine, Matrix, RankOptions } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { expectHonestLists, expectSameRanking } from './expectRanking.ts'
import { randomInteractions, randomValues } from './randomRun.ts'

const oracle = openOracleEngine()

const matrix = (rows: number, dimension: number, stream: number): Matrix => ({
  rows,
  dimension,
  values: randomValues(rows * dimension, stream),
})

/** Ranking is exact over the full catalogue. */
export function rankSuite(engine: () => Engine): void {
  test.each([
    { users: 1, items: 1, dimension: 4, k: 1 },
    { users: 5, items: 63, dimension: 12, k: 7 },
    { users: 7, items: 50, dimension: 1, k: 3 },
    { users: 20, items: 70, dimension: 65, k: 10 },
    { users: 33, items: 257, dimension: 4, k: 1 },
    { users: 65, items: 65, dimension: 64, k: 20 },
    { users: 200, items: 130, dimension: 20, k: 130 },
    { users: 2, items: 40, dimension: 8, k: 1024 },
    { users: 3, items: 5000, dimension: 512, k: 50 },
  ])('ranks the full catalogue exactly: %j', async ({ users, items, dimension, k }) => {
    const [userVectors, itemVectors] = [matrix(users, dimension, 1), matrix(items, dimension, 2)]
    const options: RankOptions = users > 1 ? { k, exclude: randomInteractions(users, items, users * 8) } : { k }
    const found = await engine().rank(userVectors, itemVectors, options)
    const expected = await oracle.rank(userVectors, itemVectors, options)
    expectSameRanking(found, expected)
    expectHonestLists(found, userVectors, itemVectors, options)
  })

  test('whole numbers rank alike to the last tie', async () => {
    // Scores are small whole numbers, exact in float32: lists must be the oracle's, items and order.
    const whole = (rows: number, stream: number): Matrix => ({
      rows,
      dimension: 8,
      values: randomValues(rows * 8, stream).map((value) => Math.round(value * 1.6)),
    })
    const [users, items] = [whole(90, 3), whole(999, 4)]
    const options = { k: 100, exclude: randomInteractions(90, 999, 2000) }
    expect(await engine().rank(users, items, options)).toEqual(await oracle.rank(users, items, options))
  })

  test('equal scores are listed by item number, the same bits twice', async () => {
    const users = { rows: 2, dimension: 4, values: Float32Array.of(1, 0, 0, 0, -1, 0, 0, 0) }
    const items = {
      rows: 6,
      dimension: 4,
      values: Float32Array.from({ length: 24 }, (_, n) => (n % 4 === 0 ? [1, 2][(n / 4) % 2]! : 0)),
    }
    const first = await engine().rank(users, items, { k: 4 })
    expect([...first.items]).toEqual([1, 3, 5, 0, 0, 2, 4, 1])
    expect(await engine().rank(users, items, { k: 4 })).toEqual(first)
  })

  test('vectors that cannot be ranked are refused', async () => {
    const good = matrix(3, 4, 1)
    const bad = { ...good, values: good.values.with(5, NaN) }
    await expect(engine().rank(bad, good, { k: 1 })).rejects.toThrow(
      'the vector of user number 1 holds NaN; expected finite numbers',
    )
    await expect(engine().rank(good, bad, { k: 1 })).rejects.toThrow('the vector of item number 1 holds NaN')
    await expect(engine().rank(good, matrix(3, 8, 1), { k: 1 })).rejects.toThrow(
      /user vectors have 4 numbers and item vectors 8/,
    )
    await expect(engine().rank(good, good, { k: 0 })).rejects.toThrow('k is 0; expected a whole number from 1 to 1024')
    await expect(engine().rank(good, good, { k: 1, exclude: randomInteractions(4, 3, 4) })).rejects.toThrow(
      'exclude is 4 users × 3 items; expected 3 × 3, like the vectors',
    )
  })
}
