import { openOracleEngine } from '@gradrec/oracle'
import type { Embeddings, Matrix } from '@gradrec/engine'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DatasetError,
  directionsOf,
  RECOMMENDED_DIRECTIONS,
  type DirectionOptions,
  type Popularity,
} from '../src/index.ts'
import { adjusted, adjustments } from '../src/methods/gradient.ts'
import type { TrainedVectors } from '../src/methods/trainedVectors.ts'

const engine = openOracleEngine()
const DIMENSION = 4
const USERS = 5
const ITEMS = 7
const popularity: Popularity = {
  users: Uint32Array.of(9, 1, 4, 2, 4),
  // 80 % of 24 is 19.2: items 1 and 4 (17) come before the one that reaches it.
  items: Uint32Array.of(3, 10, 1, 1, 7, 1, 1),
}

const matrix = (rows: number): fc.Arbitrary<Matrix> =>
  fc
    .array(fc.integer({ min: -40, max: 40 }), { minLength: rows * DIMENSION, maxLength: rows * DIMENSION })
    .map((numbers) => ({ rows, dimension: DIMENSION, values: Float32Array.from(numbers, (n) => n / 8) }))
const embeddings = fc.record({ users: matrix(USERS), items: matrix(ITEMS) })
const trained: fc.Arbitrary<TrainedVectors> = fc.record({
  embeddings,
  recorded: fc.record({ positive: embeddings, negative: embeddings }),
})
const dials = fc.record({
  alphaItem: fc.integer({ min: 0, max: 10 }).map((n) => n / 5),
  alphaUser: fc.integer({ min: 0, max: 10 }).map((n) => n / 5),
})

const row = ({ dimension, values }: Matrix, n: number): number[] => [
  ...values.subarray(n * dimension, (n + 1) * dimension),
]
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (x, f) => x * b[f]!).reduce((s, x) => s + x, 0)
const scaled = (m: Matrix, by: number): Matrix => ({ ...m, values: m.values.map((x) => x * by) })

describe('directionsOf', () => {
  it('averages the recorded rows of popular items and of all users, to length 1', () => {
    const zeros = (rows: number): Matrix => ({ rows, dimension: DIMENSION, values: new Float32Array(rows * DIMENSION) })
    const items = zeros(ITEMS)
    items.values.set([3, 0, 0, 0], 1 * DIMENSION)
    items.values.set([0, 1, 0, 0], 4 * DIMENSION)
    items.values.set([0, 0, 100, 0], 0)
    const users = zeros(USERS)
    for (let u = 0; u < USERS; u++) users.values.set([0, 0, 0, u + 1], u * DIMENSION)
    const negative: Embeddings = { users: zeros(USERS), items: zeros(ITEMS) }
    // Half of item 4's pull is pushed back.
    negative.items.values.set([0, 3, 0, 0], 4 * DIMENSION)
    const model = { embeddings: negative, recorded: { positive: { users, items }, negative } }
    const found = directionsOf(model, popularity)
    expect([...found.item]).toEqual([3 / 5, 4 / 5, 0, 0])
    expect([...found.user]).toEqual([0, 0, 0, 1])
    expect(found.coherence.item).toBeCloseTo(5 / 7, 12)
    expect(found.coherence.user).toBe(1)
    expect(found.cosine).toBe(0)
    expect(found.warnings).toEqual([])
    const options = (changes: Partial<DirectionOptions>): DirectionOptions => ({
      ...RECOMMENDED_DIRECTIONS,
      ...changes,
    })
    expect([...directionsOf(model, popularity, options({ scale: 'raw' })).item]).toEqual([3 / 2, 4 / 2, 0, 0])
    expect([...directionsOf(model, popularity, options({ scale: 'meanOfUnit' })).item]).toEqual([1 / 2, 1 / 2, 0, 0])
    const weighted = directionsOf(model, popularity, options({ items: 'popularityWeighted', scale: 'raw' })).item
    expect([...weighted]).toEqual([30 / 24, 28 / 24, 300 / 24, 0].map((x) => expect.closeTo(x, 12)))
    const positive = directionsOf(model, popularity, options({ items: 'positiveOnly', scale: 'raw' })).item
    expect([...positive]).toEqual([3 / 7, 1 / 7, 100 / 7, 0].map((x) => expect.closeTo(x, 12)))
    // Of 20 interactions users 0 and 2 have 13; the next, user 4, reaches 80 % and is left out.
    expect([...directionsOf(model, popularity, options({ users: 'active', scale: 'raw' })).user]).toEqual([0, 0, 0, 2])
  })

  it('warns that the literal mean over all items is zero, and then subtracts nothing', () => {
    fc.assert(
      fc.property(trained, (model) => {
        // What Algorithm 1 records cancels over all items: give the last item what makes it so.
        const items = model.recorded!.positive.items
        const sums = Array.from({ length: DIMENSION }, (_, f) => {
          let sum = 0
          for (let i = 0; i < ITEMS; i++)
            sum += items.values[i * DIMENSION + f]! + model.recorded!.negative.items.values[i * DIMENSION + f]!
          return sum
        })
        for (let f = 0; f < DIMENSION; f++) items.values[(ITEMS - 1) * DIMENSION + f]! -= sums[f]!
        const found = directionsOf(model, popularity, { ...RECOMMENDED_DIRECTIONS, items: 'all' })
        expect(found.warnings.some((warning) => warning.startsWith('the popular direction cancels'))).toBe(true)
        expect([...found.item]).toEqual([0, 0, 0, 0])
      }),
    )
  })

  it('asks for recorded gradients where there are none', () => {
    const model = { embeddings: fc.sample(embeddings, 1)[0]! }
    expect(() => directionsOf(model, popularity)).toThrow(DatasetError)
    expect(() => directionsOf(model, popularity, { ...RECOMMENDED_DIRECTIONS, from: 'learned' })).not.toThrow()
  })
})

describe('the adjustment at inference', () => {
  it('does nothing at 0', () => {
    fc.assert(
      fc.property(trained, (model) => {
        expect(adjusted(model.embeddings, directionsOf(model, popularity), {})).toEqual(model.embeddings)
      }),
    )
  })

  it('leaves no component along its direction at 1', () => {
    fc.assert(
      fc.property(trained, (model) => {
        const directions = directionsOf(model, popularity)
        const { users, items } = adjusted(model.embeddings, directions, { alphaItem: 1, alphaUser: 1 })
        for (let u = 0; u < USERS; u++) expect(dot(row(users, u), directions.user)).toBeCloseTo(0, 5)
        for (let i = 0; i < ITEMS; i++) expect(dot(row(items, i), directions.item)).toBeCloseTo(0, 5)
      }),
    )
  })

  it('scores as its corrections say, at every setting and scale', () => {
    const scales = fc.constantFrom('unit', 'raw', 'meanOfUnit')
    fc.assert(
      fc.property(trained, fc.array(dials, { minLength: 1, maxLength: 4 }), scales, (model, settings, scale) => {
        const directions = directionsOf(model, popularity, { ...RECOMMENDED_DIRECTIONS, scale })
        const corrections = adjustments(model.embeddings, directions, settings)
        const { users: P, items: Q } = model.embeddings
        for (const [n, setting] of settings.entries()) {
          const { users, items } = adjusted(model.embeddings, directions, setting)
          for (let u = 0; u < USERS; u++) {
            for (let i = 0; i < ITEMS; i++) {
              const corrected =
                dot(row(P, u), row(Q, i)) + dot(row(corrections.users[n]!, u), row(corrections.items, i))
              const size = 1 + Math.sqrt(dot(row(P, u), row(P, u)) * dot(row(Q, i), row(Q, i))) * 4
              expect(Math.abs(dot(row(users, u), row(items, i)) - corrected)).toBeLessThan(1e-5 * size * 10)
            }
          }
        }
      }),
    )
  })

  it('does not change with the sign or length of what was recorded, nor its ranking with the length of users', async () => {
    await fc.assert(
      fc.asyncProperty(trained, dials, async (model, setting) => {
        const { positive, negative } = model.recorded!
        const times = (by: number): TrainedVectors => ({
          ...model,
          recorded: {
            positive: { users: scaled(positive.users, by), items: scaled(positive.items, by) },
            negative: { users: scaled(negative.users, by), items: scaled(negative.items, by) },
          },
        })
        const directions = directionsOf(model, popularity)
        const expected = adjusted(model.embeddings, directions, setting)
        for (const by of [-1, 4]) {
          const found = adjusted(model.embeddings, directionsOf(times(by), popularity), setting)
          expect(found).toEqual(expected)
        }
        const longUsers = { ...model.embeddings, users: scaled(model.embeddings.users, 8) }
        const rank = async (vectors: Embeddings): Promise<Uint32Array> =>
          (await engine.rank(vectors.users, vectors.items, { k: ITEMS })).items
        expect(await rank(adjusted(longUsers, directions, setting))).toEqual(await rank(expected))
      }),
    )
  })

  it('with equal directions only 1 − (1 − αItem)(1 − αUser) matters', () => {
    fc.assert(
      fc.property(trained, dials, (model, { alphaItem, alphaUser }) => {
        const { item } = directionsOf(model, popularity)
        const same = { item, user: item }
        const both = adjusted(model.embeddings, same, { alphaItem, alphaUser })
        const one = adjusted(model.embeddings, same, { alphaItem: 1 - (1 - alphaItem) * (1 - alphaUser) })
        for (let u = 0; u < USERS; u++) {
          for (let i = 0; i < ITEMS; i++) {
            expect(dot(row(both.users, u), row(both.items, i))).toBeCloseTo(
              dot(row(one.users, u), row(one.items, i)),
              2,
            )
          }
        }
      }),
    )
  })
})
