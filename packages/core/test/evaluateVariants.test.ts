import type { Corrections, Matrix } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AbortedError,
  DatasetError,
  evaluate,
  evaluateVariants,
  type PerUserKey,
  type VariantsProgress,
} from '../src/index.ts'
import { handmadeDataset } from './handmadeDataset.ts'
import { randomCase } from './randomLists.ts'

const engine = openOracleEngine()
const metrics: PerUserKey[] = ['recall@5', 'hitRate@2', 'ndcg@5', 'map@3', 'arp@5', 'aplt@2']

describe('evaluateVariants', () => {
  it('finds for every variant what evaluate finds for vectors that are longer by the corrections', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomCase,
        fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('allUsers', 'usersWithTest'),
        fc.boolean(),
        async ({ dataset, vectors, extra }, strengths, averageOver, maskValidation) => {
          const users = strengths.map((strength) => scaled(extra.users, strength))
          const corrections: Corrections = { items: extra.items, users }
          const options = { averageOver, maskValidation, metrics }
          const result = await evaluateVariants(vectors, corrections, dataset, 'test', engine, {
            ...options,
            perUser: 'ndcg@5',
          })
          expect(result.variants).toHaveLength(strengths.length)
          for (const [v, variant] of result.variants.entries()) {
            const longer = { users: beside(vectors.users, users[v]!), items: beside(vectors.items, extra.items) }
            const alone = await evaluate(longer, dataset, 'test', engine, options)
            expect(variant.metrics).toEqual(alone.metrics)
            expect(variant.perUser).toEqual(alone.perUser['ndcg@5'])
            expect(result.users).toEqual(alone.users)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  // 64 MiB are 8,192 places of 1,024 with items and scores; 3,000 variants leave two users a block.
  it('cuts users into blocks that fit memory, and says how far it is', async () => {
    const dataset = handmadeDataset(3, { train: [[0], [1], [2], [], [0]], test: [[1], [2], [0], [2], [1]] })
    const matrix = (rows: number, dimension: number): Matrix => ({
      rows,
      dimension,
      values: Float32Array.from({ length: rows * dimension }, (_, n) => ((n * 7) % 5) - 2),
    })
    const vectors = { users: matrix(5, 4), items: matrix(3, 4) }
    const corrections = { items: matrix(3, 1), users: Array.from({ length: 3000 }, () => matrix(5, 1)) }
    const progress: VariantsProgress[] = []
    const options = { averageOver: 'usersWithTest', maskValidation: true, metrics: ['recall@1024'] } as const
    const { variants } = await evaluateVariants(vectors, corrections, dataset, 'test', engine, {
      ...options,
      onProgress: (done) => progress.push(done),
    })
    expect(progress.map(({ users, ofUsers }) => `${users} of ${ofUsers}`)).toEqual(['2 of 5', '4 of 5', '5 of 5'])
    expect(variants.every(({ metrics: found }) => found['recall@1024'] === 1)).toBe(true)
  })

  it('says so when there is no such part, nothing to compute, or it was stopped', async () => {
    const dataset = handmadeDataset(3, { train: [[0]], test: [[1]] })
    const one: Matrix = { rows: 1, dimension: 4, values: new Float32Array(4) }
    const three: Matrix = { rows: 3, dimension: 4, values: new Float32Array(12) }
    const options = { averageOver: 'usersWithTest', maskValidation: true, metrics } as const
    const attempt = (part: 'test' | 'validation', changes: object): Promise<unknown> =>
      evaluateVariants({ users: one, items: three }, { items: three, users: [one] }, dataset, part, engine, {
        ...options,
        ...changes,
      })
    await expect(attempt('validation', {})).rejects.toThrow(DatasetError)
    await expect(attempt('test', { metrics: [] })).rejects.toThrow(RangeError)
    await expect(attempt('test', { perUser: 'mrr@5' })).rejects.toThrow(/mrr@5 is to be kept/)
    await expect(attempt('test', { signal: AbortSignal.abort() })).rejects.toThrow(AbortedError)
  })
})

function scaled(matrix: Matrix, factor: number): Matrix {
  return { ...matrix, values: matrix.values.map((value) => value * factor) }
}

/** Two matrices of as many rows side by side. */
function beside(left: Matrix, right: Matrix): Matrix {
  const dimension = left.dimension + right.dimension
  const values = new Float32Array(left.rows * dimension)
  for (let row = 0; row < left.rows; row++) {
    values.set(left.values.subarray(row * left.dimension, (row + 1) * left.dimension), row * dimension)
    const rest = right.values.subarray(row * right.dimension, (row + 1) * right.dimension)
    values.set(rest, row * dimension + left.dimension)
  }
  return { rows: left.rows, dimension, values }
}
