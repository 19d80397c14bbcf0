import { openOracleEngine } from '@gradrec/oracle'
import { rowColumns, type Csr } from '@gradrec/engine'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AbortedError,
  DatasetError,
  evaluate,
  mostPopular,
  type EvaluateOptions,
  type ScoringVectors,
} from '../src/index.ts'
import { handmadeDataset } from './handmadeDataset.ts'

const engine = openOracleEngine()
const options: EvaluateOptions = { k: 2, averageOver: 'usersWithTest', maskValidation: true }

describe('evaluate', () => {
  // Item counts in training: 3, 2, 1, 0, so most-popular ranks 0 1 2 3.
  const dataset = handmadeDataset(4, {
    train: [[0], [0, 1], [0, 1, 2]],
    validation: [[1], [], []],
    test: [[2], [], [3]],
    biasedTest: [[3], [2], []],
  })

  it('masks training and validation items and ranks the rest', async () => {
    const { users, perUser, metrics } = await evaluate(mostPopular(dataset), dataset, 'test', engine, {
      ...options,
      k: 1,
    })
    // User 0 has 0 and 1 masked and gets 2, the test item; user 2 is left with 3 alone.
    expect([...users]).toEqual([0, 2])
    expect([...perUser['recall@1']!]).toEqual([1, 1])
    expect(metrics).toEqual({ 'recall@1': 1, 'hitRate@1': 1, 'ndcg@1': 1 })
  })

  it('leaves validation items in lists when told to', async () => {
    const loose = { ...options, k: [1, 2], maskValidation: false }
    const { metrics, perUser } = await evaluate(mostPopular(dataset), dataset, 'test', engine, loose)
    expect([...perUser['recall@1']!]).toEqual([0, 1])
    expect([...perUser['recall@2']!]).toEqual([1, 1])
    expect(metrics['ndcg@2']).toBeCloseTo((1 / Math.log2(3) + 1) / 2, 14)
  })

  it('never masks validation items from themselves', async () => {
    const { metrics } = await evaluate(mostPopular(dataset), dataset, 'validation', engine, { ...options, k: 1 })
    expect(metrics['recall@1']).toBe(1)
  })

  it('counts users without held-out items as zeros over all users', async () => {
    const everyone: EvaluateOptions = { ...options, averageOver: 'allUsers' }
    const all = await evaluate(mostPopular(dataset), dataset, 'biasedTest', engine, everyone)
    const some = await evaluate(mostPopular(dataset), dataset, 'biasedTest', engine, options)
    expect([...all.users]).toEqual([0, 1, 2])
    expect(all.perUser['recall@2']).toHaveLength(3)
    expect(all.metrics['recall@2']! * 3).toBeCloseTo(some.metrics['recall@2']! * 2, 14)
  })

  it('ranks items of equal popularity by their number', async () => {
    const tied = handmadeDataset(4, { train: [[3], [3], []], test: [[], [], [0]] })
    const { perUser } = await evaluate(mostPopular(tied), tied, 'test', engine, options)
    expect(perUser['ndcg@2']![0]).toBeCloseTo(1 / Math.log2(3), 14)
  })

  it('takes lists longer than the catalogue', async () => {
    const { metrics } = await evaluate(mostPopular(dataset), dataset, 'test', engine, { ...options, k: 100 })
    expect(metrics['recall@100']).toBe(1)
  })

  it('says so when there is no such part, and when it was stopped', async () => {
    const bare = handmadeDataset(3, { train: [[0]] })
    await expect(evaluate(mostPopular(bare), bare, 'test', engine, options)).rejects.toThrow(DatasetError)
    const stopped = { ...options, signal: AbortSignal.abort() }
    await expect(evaluate(mostPopular(dataset), dataset, 'test', engine, stopped)).rejects.toThrow(AbortedError)
  })

  it('agrees with a brute-force evaluation', async () => {
    const ITEMS = 9
    const user = fc.array(fc.constantFrom('train', 'validation', 'test', 'none'), {
      minLength: ITEMS,
      maxLength: ITEMS,
    })
    const factor = fc.integer({ min: -3, max: 3 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(user, { minLength: 1, maxLength: 6 }),
        fc.array(factor, { minLength: 60, maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        async (places, factors, k, maskValidation) => {
          const part = (name: string): number[][] => places.map((row) => row.flatMap((p, i) => (p === name ? [i] : [])))
          const made = handmadeDataset(ITEMS, {
            train: part('train'),
            validation: part('validation'),
            test: part('test'),
          })
          const vectors: ScoringVectors = {
            users: {
              rows: places.length,
              dimension: 4,
              values: Float32Array.from(factors.slice(0, places.length * 4)),
            },
            items: { rows: ITEMS, dimension: 4, values: Float32Array.from(factors.slice(24, 24 + ITEMS * 4)) },
          }
          const result = await evaluate(vectors, made, 'test', engine, { k, averageOver: 'allUsers', maskValidation })
          places.forEach((row, u) => {
            const masked = maskValidation ? ['train', 'validation'] : ['train']
            const list = row
              .map((place, item) => ({ item, masked: masked.includes(place), score: score(vectors, u, item) }))
              .filter((entry) => !entry.masked)
              .sort((a, b) => b.score - a.score || a.item - b.item)
              .slice(0, k)
              .map((entry) => entry.item)
            const wanted = row.flatMap((place, item) => (place === 'test' ? [item] : []))
            const hits = list.filter((item) => wanted.includes(item)).length
            expect(result.perUser[`recall@${k}`]![u]).toBeCloseTo(wanted.length === 0 ? 0 : hits / wanted.length, 12)
            expect(result.perUser[`hitRate@${k}`]![u]).toBe(hits > 0 ? 1 : 0)
          })
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('mostPopular', () => {
  it('scores items by their training interactions alone', () => {
    const dataset = handmadeDataset(3, { train: [[0, 2], [2]], test: [[1], [1]] })
    const { users, items } = mostPopular(dataset)
    expect(users.dimension % 4).toBe(0)
    expect([0, 1, 2].map((item) => score({ users, items }, 0, item))).toEqual([1, 0, 2])
    expect(rowColumns(dataset.parts.test as Csr, 0)).toEqual(Uint32Array.of(1))
  })
})

function score({ users, items }: ScoringVectors, user: number, item: number): number {
  let sum = 0
  for (let f = 0; f < users.dimension; f++) {
    sum += users.values[user * users.dimension + f]! * items.values[item * items.dimension + f]!
  }
  return sum
}
