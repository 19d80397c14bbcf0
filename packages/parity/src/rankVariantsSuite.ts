import type { Corrections, Engine, Matrix, RankOptions } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { expectHonestLists, expectSameRanking } from './expectRanking.ts'
import { randomInteractions, randomValues } from './randomRun.ts'

const oracle = openOracleEngine()

interface Shape {
  readonly users: number
  readonly items: number
  readonly dimension: number
  /** Numbers per item. */
  readonly r: number
  readonly variants: number
}

/** Ranking several scorings at once gives what ranking each by itself gives. */
export function rankVariantsSuite(engine: () => Engine): void {
  test.each<Shape & { readonly k: number; readonly exclude?: true }>([
    { users: 1, items: 1, dimension: 4, r: 1, variants: 1, k: 1 },
    { users: 5, items: 63, dimension: 12, r: 1, variants: 3, k: 7, exclude: true },
    { users: 20, items: 70, dimension: 65, r: 2, variants: 6, k: 10, exclude: true },
    { users: 33, items: 257, dimension: 4, r: 3, variants: 2, k: 1 },
    { users: 200, items: 130, dimension: 20, r: 4, variants: 5, k: 130, exclude: true },
    { users: 2, items: 40, dimension: 8, r: 2, variants: 2, k: 1024, exclude: true },
    { users: 3, items: 5000, dimension: 512, r: 4, variants: 2, k: 50, exclude: true },
    { users: 4, items: 300, dimension: 64, r: 2, variants: 41, k: 20 },
  ])('ranks every variant exactly: %j', async ({ k, exclude, ...shape }) => {
    const { users, items, corrections } = drawn(shape, 1)
    const options: RankOptions =
      exclude === undefined ? { k } : { k, exclude: randomInteractions(users.rows, items.rows, users.rows * 8) }
    const found = await engine().rankVariants(users, items, corrections, options)
    const expected = await oracle.rankVariants(users, items, corrections, options)
    expect(found.length).toBe(shape.variants)
    for (const [variant, weights] of corrections.users.entries()) {
      expectSameRanking(found[variant]!, expected[variant]!)
      expectHonestLists(found[variant]!, widened(users, weights), widened(items, corrections.items), options)
    }
  })

  test('whole numbers rank like widened vectors, to the last tie', async () => {
    // Scores are small whole numbers, exact in float32 whatever the order of the sum.
    const whole = ({ values, ...shape }: Matrix): Matrix => ({
      ...shape,
      values: values.map((v) => Math.round(1.6 * v)),
    })
    const { users, items, corrections } = drawn({ users: 90, items: 999, dimension: 8, r: 3, variants: 4 }, 11)
    const [wholeUsers, wholeItems] = [whole(users), whole(items)]
    const wholeCorrections = { items: whole(corrections.items), users: corrections.users.map(whole) }
    const options = { k: 100, exclude: randomInteractions(90, 999, 2000) }
    const found = await engine().rankVariants(wholeUsers, wholeItems, wholeCorrections, options)
    expect(found).toEqual(await oracle.rankVariants(wholeUsers, wholeItems, wholeCorrections, options))
    for (const [variant, weights] of wholeCorrections.users.entries()) {
      const itself = widened(wholeItems, wholeCorrections.items)
      expect(found[variant]).toEqual(await engine().rank(widened(wholeUsers, weights), itself, options))
    }
  })

  test('a variant of zeros ranks as no correction does, and the others leave it alone', async () => {
    const { users, items, corrections } = drawn({ users: 30, items: 80, dimension: 16, r: 2, variants: 3 }, 21)
    const zeros = { rows: 30, dimension: 2, values: new Float32Array(60) }
    const weights = corrections.users.with(1, zeros)
    const found = await engine().rankVariants(users, items, { ...corrections, users: weights }, { k: 15 })
    expectSameRanking(found[1]!, await engine().rank(users, items, { k: 15 }))
    const alone = await engine().rankVariants(users, items, { ...corrections, users: [zeros] }, { k: 15 })
    expect(alone).toEqual([found[1]])
  })

  test('the same bits twice', async () => {
    const { users, items, corrections } = drawn({ users: 70, items: 300, dimension: 16, r: 4, variants: 3 }, 31)
    const first = await engine().rankVariants(users, items, corrections, { k: 25 })
    expect(await engine().rankVariants(users, items, corrections, { k: 25 })).toEqual(first)
  })

  test('corrections that do not go with the vectors are refused', async () => {
    const { users, items, corrections } = drawn({ users: 3, items: 5, dimension: 4, r: 2, variants: 2 }, 41)
    const refuses = (changes: Partial<Corrections>, message: string): Promise<void> =>
      expect(engine().rankVariants(users, items, { ...corrections, ...changes }, { k: 1 })).rejects.toThrow(message)
    await refuses({ items: random(5, 5, 1) }, 'corrections have 5 numbers per item; expected 1 to 4')
    await refuses({ items: random(5, 0, 1) }, 'corrections have 0 numbers per item; expected 1 to 4')
    await refuses({ users: [] }, 'corrections have no variants; expected at least one')
    await refuses({ items: random(4, 2, 1) }, 'corrections are for 4 items; expected 5, like the vectors')
    await refuses(
      { users: [random(3, 2, 1), random(2, 2, 1)] },
      'corrections of variant 1 are 2 users × 2; expected 3 × 2',
    )
    await refuses({ users: [random(3, 1, 1)] }, 'corrections of variant 0 are 3 users × 1; expected 3 × 2')
    const bad = random(5, 2, 1)
    await refuses(
      { items: { ...bad, values: bad.values.with(7, Infinity) } },
      'the vector of item (corrections) number 3 holds Infinity; expected finite numbers',
    )
    await expect(engine().rankVariants(users, items, corrections, { k: 0 })).rejects.toThrow('k is 0; expected')
  })
}

function random(rows: number, dimension: number, stream: number): Matrix {
  return { rows, dimension, values: randomValues(rows * dimension, stream) }
}

/** Random vectors and corrections of a shape, from the streams that begin at `stream`. */
function drawn(
  { users, items, dimension, r, variants }: Shape,
  stream: number,
): { readonly users: Matrix; readonly items: Matrix; readonly corrections: Corrections } {
  return {
    users: random(users, dimension, stream),
    items: random(items, dimension, stream + 1),
    corrections: {
      items: random(items, r, stream + 2),
      users: Array.from({ length: variants }, (_, variant) => random(users, r, stream + 3 + variant)),
    },
  }
}

/** Each vector followed by its correction, whose inner products are the corrected scores. */
function widened(vectors: Matrix, corrections: Matrix): Matrix {
  const [d, r] = [vectors.dimension, corrections.dimension]
  const values = new Float32Array(vectors.rows * (d + r))
  for (let row = 0; row < vectors.rows; row++) {
    values.set(vectors.values.subarray(row * d, (row + 1) * d), row * (d + r))
    values.set(corrections.values.subarray(row * r, (row + 1) * r), row * (d + r) + d)
  }
  return { rows: vectors.rows, dimension: d + r, values }
}
