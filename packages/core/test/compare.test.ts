import { normalPair } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compare,
  ComparisonError,
  confidenceInterval,
  confidenceIntervals,
  evaluate,
  METRIC_NAMES,
  isListsKey,
  mostPopular,
  randomVectors,
  type Evaluation,
  type EvaluationWithLists,
  type ListsKey,
  type MetricKey,
} from '../src/index.ts'
import { metricsOfLists, ListsMetrics } from '../src/evaluation/metricsOfLists.ts'
import { handmadeDataset } from './handmadeDataset.ts'
import { randomCase } from './randomLists.ts'

const engine = openOracleEngine()

/** An evaluation with nothing but values per user. */
function evaluationOf(values: Float64Array, part: Evaluation['part'] = 'test'): Evaluation {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  return {
    part,
    users: Uint32Array.from(values, (_, u) => u),
    perUser: { 'recall@20': values },
    metrics: { 'recall@20': mean },
  }
}

describe('compare', () => {
  it('finds the interval that the normal distribution promises for many users', () => {
    const n = 20_000
    const a = Float64Array.from({ length: n }, (_, u) => 5 + normalPair(u, 0, 0, 99, [1, 0])[0])
    // Differences are normal around 0.02 with deviation 1; values themselves spread more.
    const b = a.map((value, u) => value - 0.02 - normalPair(u, 1, 0, 99, [1, 0])[0])
    const found = compare(evaluationOf(a), evaluationOf(b), { resamples: 4000 })['recall@20']!
    const differences = a.map((value, u) => value - b[u]!)
    const mean = differences.reduce((sum, value) => sum + value, 0) / n
    const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1))
    const standardError = deviation / Math.sqrt(n)
    expect(found.difference).toBeCloseTo(mean, 12)
    // Percentiles of 4,000 resamples are off by some 4 % of a standard error.
    expect(Math.abs(found.interval.low - (mean - 1.96 * standardError))).toBeLessThan(0.2 * standardError)
    expect(Math.abs(found.interval.high - (mean + 1.96 * standardError))).toBeLessThan(0.2 * standardError)
    expect(found.kind === 'perUser' && found.effectSize).toBeCloseTo(mean / deviation, 10)
    const z = mean / standardError
    expect(Math.abs(found.otherSide - normalTail(z))).toBeLessThan(0.03)
  })

  it('is a comparison of the other two turned around', () => {
    const a = evaluationOf(Float64Array.from({ length: 300 }, (_, u) => (u * 7) % 11))
    const b = evaluationOf(Float64Array.from({ length: 300 }, (_, u) => (u * 5) % 13))
    const forth = compare(a, b, { resamples: 500 })['recall@20']!
    const back = compare(b, a, { resamples: 500 })['recall@20']!
    expect(back.difference).toBe(-forth.difference)
    expect(back.interval).toEqual({ low: -forth.interval.high, high: -forth.interval.low })
    expect(back.otherSide).toBe(forth.otherSide)
  })

  it('sees no difference between a model and itself', () => {
    const a = evaluationOf(Float64Array.of(0, 1, 0.5))
    expect(compare(a, a, { resamples: 50 })['recall@20']).toEqual({
      kind: 'perUser',
      a: 0.5,
      b: 0.5,
      difference: 0,
      interval: { low: 0, high: 0 },
      otherSide: 1,
      resamples: 50,
      effectSize: 0,
    })
  })

  it('resamples users of both models together', () => {
    // Values spread widely, differences not at all: only a paired bootstrap finds so narrow an interval.
    const a = Float64Array.from({ length: 100 }, (_, u) => u)
    const found = compare(evaluationOf(a), evaluationOf(a.map((value) => value - 0.25)), { resamples: 200 })[
      'recall@20'
    ]!
    expect(found.interval.low).toBeCloseTo(0.25, 10)
    expect(found.interval.high).toBeCloseTo(0.25, 10)
    expect(found.otherSide).toBe(0)
  })

  it('computes metrics of all lists together anew for the users of each resample', async () => {
    const every: MetricKey[] = METRIC_NAMES.map((name) => `${name}@4` as const)
    const listsKeys = every.filter(isListsKey)
    await fc.assert(
      fc.asyncProperty(
        randomCase,
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 7, maxLength: 7 }),
        async ({ dataset, vectors }, repeats) => {
          const options = { averageOver: 'allUsers', maskValidation: true, keepLists: true } as const
          const { lists } = await evaluate(vectors, dataset, 'test', engine, { ...options, metrics: ['gini@6'] })
          const weights = Uint8Array.from(repeats.slice(0, lists.users.length))
          // The same users written down as often as they were drawn.
          const drawn = [...lists.users].flatMap((u) => Array.from({ length: weights[u]! }, () => u))
          const repeated = {
            ...lists,
            users: Uint32Array.from(drawn),
            items: Uint32Array.from(drawn.flatMap((u) => [...lists.items.subarray(u * lists.k, (u + 1) * lists.k)])),
            headCandidates: Uint32Array.from(drawn, (u) => lists.headCandidates[u]!),
            tailCandidates: Uint32Array.from(drawn, (u) => lists.tailCandidates[u]!),
          }
          expect(new ListsMetrics(lists, listsKeys).values(weights)).toEqual(metricsOfLists(repeated, listsKeys))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('tells most-popular from random lists by their exposure', async () => {
    const [popular, random] = await twoEvaluations()
    const keys: ListsKey[] = ['gini@3', 'itemCoverage@3']
    const found = compare(popular, random, { metrics: keys, listsResamples: 200 })
    expect(Object.keys(found)).toEqual(keys)
    expect(found['gini@3']).toMatchObject({ kind: 'lists', otherSide: 0, resamples: 200 })
    expect(found['gini@3']!.interval.low).toBeGreaterThan(0)
    expect(found['itemCoverage@3']!.interval.high).toBeLessThan(0)
    expect('effectSize' in found['gini@3']!).toBe(false)
  })

  it('takes all that both have unless told', async () => {
    const [popular, random] = await twoEvaluations()
    const options = { resamples: 20, listsResamples: 20 }
    expect(Object.keys(compare(popular, random, options))).toEqual(METRIC_NAMES.map((name) => `${name}@3`))
    const { lists: _, ...without } = random
    expect(Object.keys(compare(popular, without, options))).toEqual(
      METRIC_NAMES.map((name) => `${name}@3` as const).filter((key) => !isListsKey(key)),
    )
  })

  it('refuses evaluations that do not pair', async () => {
    const three = evaluationOf(Float64Array.of(0, 1, 0.5))
    const refusal = (b: Evaluation, metrics?: readonly ['gini@3' | 'recall@20']): (() => unknown) => {
      return () => compare(three, b, metrics && { metrics })
    }
    expect(refusal(evaluationOf(Float64Array.of(0, 1)))).toThrow(/different users \(3 and 2\)/)
    expect(refusal({ ...three, users: Uint32Array.of(0, 1, 3) })).toThrow(ComparisonError)
    expect(refusal(evaluationOf(Float64Array.of(0, 1, 0.5), 'biasedTest'))).toThrow(
      /of the test part, the other of biasedTest/,
    )
    const other = { ...three, perUser: { 'recall@10': three.users }, metrics: { 'recall@10': 0.5 } }
    expect(refusal(other as unknown as Evaluation)).toThrow(/share no metric: recall@20 and recall@10/)
    expect(refusal(three, ['gini@3'])).toThrow(/gini@3 was not computed/)
    const [popular, { lists: _, ...random }] = await twoEvaluations()
    expect(() => compare(popular, random, { metrics: ['gini@3'] })).toThrow(/keepLists/)
  })
})

describe('confidenceInterval', () => {
  it('holds the value, and narrows with its level', async () => {
    const [, random] = await twoEvaluations()
    const value = random.metrics['recall@3']!
    const wide = confidenceInterval(random, 'recall@3', { resamples: 1000 })
    const narrow = confidenceInterval(random, 'recall@3', { resamples: 1000, level: 0.5 })
    expect(wide.low).toBeLessThan(narrow.low)
    expect(narrow.low).toBeLessThan(value)
    expect(value).toBeLessThan(narrow.high)
    expect(narrow.high).toBeLessThan(wide.high)
    const gini = confidenceInterval(random, 'gini@3', { listsResamples: 50 })
    // Resamples hold fewer different users and are less even, all of them: without a correction the value lies outside.
    expect(gini.low).toBeLessThan(random.metrics['gini@3']!)
    expect(gini.high).toBeGreaterThan(random.metrics['gini@3']!)
    expect(confidenceInterval(random, 'gini@3', { listsResamples: 50 })).toEqual(gini)
  })

  it('takes many metrics at once', async () => {
    const [popular] = await twoEvaluations()
    const few = { resamples: 100, listsResamples: 20 }
    const all = confidenceIntervals(popular, few)
    expect(Object.keys(all)).toEqual(METRIC_NAMES.map((name) => `${name}@3`))
    for (const key of ['ndcg@3', 'entropy@3'] as const) expect(all[key]).toEqual(confidenceInterval(popular, key, few))
  })

  it('says what it lacks', () => {
    const three = evaluationOf(Float64Array.of(0, 1, 0.5))
    const withoutLists = { ...three, metrics: { 'gini@20': 0.5 } }
    expect(() => confidenceInterval(withoutLists, 'gini@20')).toThrow(/keepLists/)
    expect(() => confidenceInterval(three, 'ndcg@20')).toThrow(/ndcg@20 was not computed; there is recall@20/)
  })
})

/** Most-popular and random lists of length 3 for sixty users. */
async function twoEvaluations(): Promise<[EvaluationWithLists, EvaluationWithLists]> {
  const users = Array.from({ length: 60 }, (_, u) => u)
  const dataset = handmadeDataset(20, {
    train: users.map((u) => [u % 3, 3 + (u % 5)]),
    test: users.map((u) => [8 + (u % 12)]),
  })
  const options = { k: 3, metrics: 'all', averageOver: 'usersWithTest', maskValidation: true, keepLists: true } as const
  const popular = await evaluate(mostPopular(dataset), dataset, 'test', engine, options)
  return [popular, await evaluate(randomVectors(dataset, 2), dataset, 'test', engine, options)]
}

/** P(Z > z) of a standard normal, by summing its density. */
function normalTail(z: number): number {
  let sum = 0
  for (let x = z + 0.0005; x < 8; x += 0.001) sum += Math.exp((-x * x) / 2) * 0.001
  return sum / Math.sqrt(2 * Math.PI)
}
