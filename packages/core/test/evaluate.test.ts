import { openOracleEngine } from '@gradrec/oracle'
import { NO_ITEM, rowColumns, type Csr } from '@gradrec/engine'
import type { Dataset } from '@gradrec/data'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AbortedError,
  DatasetError,
  evaluate,
  evaluateParts,
  isPerUserKey,
  METRIC_NAMES,
  mostPopular,
  popularityGroups,
  randomVectors,
  type EvaluateOptions,
  type MetricKey,
  type MetricName,
  type PerUserKey,
  type ScoringVectors,
  type WantedMetrics,
} from '../src/index.ts'
import { handmadeDataset } from './handmadeDataset.ts'
import { randomCase } from './randomLists.ts'

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

  it('says which metrics to compute: a set of them, or one by one', async () => {
    const names = async (wanted: WantedMetrics): Promise<string> => {
      const rest = { averageOver: 'usersWithTest', maskValidation: true } as const
      const { metrics } = await evaluate(mostPopular(dataset), dataset, 'test', engine, { ...rest, ...wanted })
      return Object.keys(metrics).join(' ')
    }
    expect(await names({ k: [1, 2] })).toBe('recall@1 hitRate@1 ndcg@1 recall@2 hitRate@2 ndcg@2')
    expect(await names({ metrics: ['gini@2', 'map@1', 'gini@2'] })).toBe('gini@2 map@1')
    expect(await names({ k: 2, metrics: 'all' })).toBe(METRIC_NAMES.map((name) => `${name}@2`).join(' '))
    await expect(names({ metrics: [] })).rejects.toThrow(RangeError)
    await expect(names({ metrics: ['auc@2' as MetricKey] })).rejects.toThrow(/"auc@2" is no metric/)
  })

  it('agrees with a brute-force evaluation in every metric', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomCase,
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        fc.constantFrom('allUsers', 'usersWithTest'),
        async ({ dataset: made, vectors }, k, maskValidation, averageOver) => {
          const wanted = { k: [k, 5], metrics: 'all', averageOver, maskValidation, keepLists: true } as const
          const { users, metrics, perUser, lists } = await evaluate(vectors, made, 'test', engine, wanted)
          const expected = bruteForce(vectors, made, k, maskValidation, averageOver)
          expect([...users]).toEqual(expected.users)
          for (const name of METRIC_NAMES) {
            expect(metrics[`${name}@${k}`], name).toBeCloseTo(expected.metrics[name], 10)
            if (isPerUserKey(`${name}@${k}`)) expect(perUser[`${name}@${k}` as PerUserKey]).toHaveLength(users.length)
          }
          const groups = popularityGroups(lists, k)
          for (const [g, group] of groups.entries()) {
            expect(group.frequency * group.items).toBeCloseTo(expected.groupSlots[g]!, 10)
            expect(group.recall).toBeCloseTo(expected.groupRecall[g]!, 10)
          }
          const shares = groups.reduce((sum, { share }) => sum + share, 0)
          expect(shares).toBeCloseTo(users.length === 0 || lists.items.every((i) => i === NO_ITEM) ? 0 : 1, 10)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('finds the same with a few metrics as with all', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomCase,
        fc.subarray([...METRIC_NAMES], { minLength: 1 }),
        async ({ dataset: made, vectors }, names) => {
          const rest = { averageOver: 'allUsers', maskValidation: true } as const
          const all = await evaluate(vectors, made, 'test', engine, { ...rest, k: [3, 7], metrics: 'all' })
          const metrics = names.map((name, n) => `${name}@${n % 2 ? 3 : 7}` as const)
          const few = await evaluate(vectors, made, 'test', engine, { ...rest, metrics })
          for (const key of metrics) expect(few.metrics[key]).toBe(all.metrics[key])
          expect(few.lists).toBeUndefined()
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('evaluateParts', () => {
  it('evaluates on every test part there is', async () => {
    const both = handmadeDataset(4, {
      train: [[0], [1]],
      test: [[1], []],
      biasedTest: [[], [0]],
      validation: [[2], [2]],
    })
    const parts = await evaluateParts(mostPopular(both), both, engine, options)
    expect(parts.map(({ part, users }) => [part, ...users])).toEqual([
      ['test', 0],
      ['biasedTest', 1],
    ])
    const bare = handmadeDataset(3, { train: [[0]], validation: [[1]] })
    expect(await evaluateParts(mostPopular(bare), bare, engine, options)).toEqual([])
  })
})

describe('randomVectors', () => {
  it('gives every item the same chance, popular or not', async () => {
    const items = 40
    const users = 2000
    const dataset = handmadeDataset(items, {
      train: Array.from({ length: users }, () => []),
      test: Array.from({ length: users }, () => [0]),
    })
    const { metrics, lists } = await evaluate(randomVectors(dataset, 7), dataset, 'test', engine, {
      ...options,
      k: 10,
      keepLists: true,
    })
    const exposure = new Uint32Array(items)
    for (const item of lists.items) exposure[item]!++
    // Of the users an item is in the lists of a quarter, give or take: by 5 standard deviations at most.
    const spread = 5 * Math.sqrt(users * 0.25 * 0.75)
    for (const count of exposure) expect(Math.abs(count - users / 4)).toBeLessThan(spread)
    expect(metrics['recall@10']).toBe(exposure[0]! / users)
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

interface BruteForce {
  readonly users: readonly number[]
  readonly metrics: Readonly<Record<MetricName, number>>
  readonly groupSlots: readonly number[]
  readonly groupRecall: readonly number[]
}

/** Every metric, written from its formula over lists and sets, for lists sorted by hand. */
function bruteForce(
  vectors: ScoringVectors,
  { parts, users: { size: userCount }, items: { size: n } }: Dataset,
  k: number,
  maskValidation: boolean,
  averageOver: 'allUsers' | 'usersWithTest',
): BruteForce {
  const row = (part: Csr | undefined, u: number): number[] => (part ? [...rowColumns(part, u)] : [])
  const everyone = Array.from({ length: userCount }, (_, u) => u)
  const everything = Array.from({ length: n }, (_, i) => i)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const average = (values: readonly number[]): number => sum(values) / Math.max(1, values.length)
  const counts = everything.map((i) => everyone.filter((u) => row(parts.train, u).includes(i)).length)
  const trainUsers = everyone.filter((u) => row(parts.train, u).length > 0).length
  const byPopularity = everything.toSorted((a, b) => counts[b]! - counts[a]! || a - b)
  const reaching = byPopularity.findIndex(
    (_, p) => sum(byPopularity.slice(0, p + 1).map((i) => counts[i]!)) >= 0.8 * sum(counts),
  )
  const head = new Set(byPopularity.slice(0, reaching))
  const tail = new Set(everything.filter((i) => !head.has(i)))
  const users = everyone.filter((u) => averageOver === 'allUsers' || row(parts.test, u).length > 0)
  const ofUsers = users.map((u) => {
    const excluded = new Set([...row(parts.train, u), ...(maskValidation ? row(parts.validation, u) : [])])
    const allowed = everything.filter((i) => !excluded.has(i))
    const list = allowed.toSorted((a, b) => score(vectors, u, b) - score(vectors, u, a) || a - b).slice(0, k)
    return { allowed, list, wanted: row(parts.test, u) }
  })
  const perUser = (of: (list: readonly number[], wanted: readonly number[]) => number): number =>
    average(ofUsers.map(({ list, wanted }) => of(list, wanted)))
  const accuracy = (of: (isHit: readonly boolean[], wanted: readonly number[]) => number): number =>
    perUser((list, wanted) =>
      wanted.length === 0
        ? 0
        : of(
            list.map((i) => wanted.includes(i)),
            wanted,
          ),
    )
  const gain = (isHit: readonly boolean[]): number => sum(isHit.map((hit, r) => (hit ? 1 / Math.log2(r + 2) : 0)))
  const hitsOf = (isHit: readonly boolean[]): number => isHit.filter(Boolean).length
  const perItem = (of: (item: number) => number): number => perUser((list) => average(list.map(of)))
  const seen = counts.filter((count) => count > 0)
  const exposure = everything.map((i) => ofUsers.filter(({ list }) => list.includes(i)).length)
  const shares = exposure.map((lists) => lists / Math.max(1, sum(exposure))).filter((share) => share > 0)
  const entropy = -sum(shares.map((share) => share * Math.log(share)))
  const inGroup = (items: readonly number[], group: ReadonlySet<number>): number[] => items.filter((i) => group.has(i))
  const imbalance = (rate: (group: ReadonlySet<number>) => number): number => {
    const rates = [rate(head), rate(tail)]
    const middle = average(rates)
    if (rates.some(Number.isNaN) || middle === 0) return 0
    return Math.sqrt(average(rates.map((r) => (r - middle) ** 2))) / middle
  }
  const groups = [0, 1, 2, 3, 4].map(
    (g) => new Set(byPopularity.slice(Math.floor((g * n) / 20), g === 4 ? n : Math.floor(((g + 1) * n) / 20))),
  )
  return {
    users,
    metrics: {
      recall: accuracy((isHit, wanted) => hitsOf(isHit) / wanted.length),
      hitRate: accuracy((isHit) => (isHit.includes(true) ? 1 : 0)),
      ndcg: accuracy(
        (isHit, wanted) => gain(isHit) / gain(Array.from({ length: Math.min(k, wanted.length) }, () => true)),
      ),
      precision: accuracy((isHit) => hitsOf(isHit) / k),
      mrr: accuracy((isHit) => (isHit.includes(true) ? 1 / (isHit.indexOf(true) + 1) : 0)),
      map: accuracy(
        (isHit, wanted) =>
          sum(isHit.map((hit, r) => (hit ? hitsOf(isHit.slice(0, r + 1)) / (r + 1) : 0))) / Math.min(k, wanted.length),
      ),
      arp: perItem((i) => counts[i]!),
      popularityRank: perItem((i) => {
        if (counts[i] === 0) return 0
        const below = seen.filter((count) => count < counts[i]!).length
        const equal = seen.filter((count) => count === counts[i]!).length
        return (below + (equal + 1) / 2) / seen.length
      }),
      aplt: perItem((i) => (tail.has(i) ? 1 : 0)),
      novelty: perItem((i) => -Math.log2(Math.max(1, counts[i]!) / Math.max(1, trainUsers))),
      itemCoverage: exposure.filter((lists) => lists > 0).length / n,
      tailCoverage: inGroup(everything, tail).filter((i) => exposure[i]! > 0).length / Math.max(1, tail.size),
      gini: sum(exposure.flatMap((a) => exposure.map((b) => Math.abs(a - b)))) / (2 * n * Math.max(1, sum(exposure))),
      entropy,
      normalisedEntropy: entropy / Math.log(n),
      popReo: imbalance(
        (group) =>
          sum(ofUsers.map(({ list, wanted }) => inGroup(list, group).filter((i) => wanted.includes(i)).length)) /
          sum(ofUsers.map(({ wanted }) => inGroup(wanted, group).length)),
      ),
      popRsp: imbalance(
        (group) =>
          sum(ofUsers.map(({ list }) => inGroup(list, group).length)) /
          sum(ofUsers.map(({ allowed }) => inGroup(allowed, group).length)),
      ),
    },
    groupSlots: groups.map((group) => sum(ofUsers.map(({ list }) => inGroup(list, group).length))),
    groupRecall: groups.map((group) =>
      average(
        ofUsers
          .filter(({ wanted }) => inGroup(wanted, group).length > 0)
          .map(({ list, wanted }) => {
            const found = inGroup(list, group).filter((i) => wanted.includes(i))
            return found.length / inGroup(wanted, group).length
          }),
      ),
    ),
  }
}
