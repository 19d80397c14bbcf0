import { csrFromPairs, NO_ITEM, rowColumns, type Csr } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AbortedError,
  ConfigError,
  evaluate,
  evaluateRanker,
  itemKnn,
  itemNeighbours,
  mostPopular,
  neighbourRanker,
  vectorRanker,
} from '../src/index.ts'
import { TopItems } from '../src/topItems.ts'
import { handmadeDataset, twoTastes } from './handmadeDataset.ts'

/** Items by score, best first, ties to the lower number. */
function ordered(scores: readonly number[]): number[] {
  return scores.map((_, item) => item).sort((a, b) => scores[b]! - scores[a]! || a - b)
}

const matrices = fc
  .record({ rows: fc.integer({ min: 1, max: 8 }), columnCount: fc.integer({ min: 1, max: 9 }) })
  .chain(({ rows, columnCount }) =>
    fc.array(fc.tuple(fc.nat(rows - 1), fc.nat(columnCount - 1)), { maxLength: 40 }).map((pairs) =>
      csrFromPairs(
        pairs.map(([row]) => row),
        pairs.map(([, column]) => column),
        rows,
        columnCount,
      ),
    ),
  )

/** The similarities that are kept, items × items, by the formula. */
function keptSimilarities(train: Csr, most: number, shrink: number): number[][] {
  const sets = Array.from({ length: train.columnCount }, () => new Set<number>())
  for (let user = 0; user < train.rows; user++) for (const item of rowColumns(train, user)) sets[item]!.add(user)
  return sets.map((own, item) => {
    const similarities = sets.map((others, other) => {
      if (other === item) return 0
      const shared = [...own].filter((user) => others.has(user)).length
      return shared === 0 ? 0 : shared / (Math.sqrt(own.size) * Math.sqrt(others.size) + shrink)
    })
    const kept = new Set(ordered(similarities).slice(0, most))
    return similarities.map((similarity, other) => (kept.has(other) ? similarity : 0))
  })
}

describe('itemNeighbours', () => {
  it('has the cosines of item columns', async () => {
    // Users of the items: {0, 1, 2}, {0, 1}, {2}, {}.
    const train = csrFromPairs([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 2], 3, 4)
    const { neighbours, similarities } = await itemNeighbours(train)
    expect([0, 1, 2, 3].map((item) => [...rowColumns(neighbours, item)])).toEqual([[1, 2], [0], [0], []])
    const [a, b] = [2 / Math.sqrt(6), 1 / Math.sqrt(3)].map(Math.fround)
    expect([...similarities]).toEqual([a, b, a, b])
  })

  it('keeps the nearest of any matrix', async () => {
    const options = fc.record({ neighbours: fc.integer({ min: 1, max: 10 }), shrink: fc.constantFrom(0, 0.5, 20) })
    await fc.assert(
      fc.asyncProperty(matrices, options, async (train, { neighbours: most, shrink }) => {
        const { neighbours, similarities } = await itemNeighbours(train, { neighbours: most, shrink })
        const found = keptSimilarities(train, most, shrink).map((row) => row.map(() => 0))
        for (let item = 0; item < neighbours.rows; item++) {
          const columns = rowColumns(neighbours, item)
          expect([...columns]).toEqual([...columns].toSorted((a, b) => a - b))
          columns.forEach((other, n) => (found[item]![other] = similarities[neighbours.rowPointer[item]! + n]!))
        }
        expect(found).toEqual(keptSimilarities(train, most, shrink).map((row) => row.map(Math.fround)))
      }),
    )
  })

  it('refuses options out of their range, and stops when told to', async () => {
    const train = csrFromPairs([0], [0], 1, 1)
    await expect(itemNeighbours(train, { neighbours: 0 })).rejects.toThrow(ConfigError)
    await expect(itemNeighbours(train, { shrink: -1 })).rejects.toThrow(ConfigError)
    // Large enough not to be done before the first pause.
    const users = Array.from({ length: 400_000 }, (_, n) => n % 400)
    const items = users.map((user, n) => ((user * 13 + (n / 400) * 7) % 3000) | 0)
    const wide = csrFromPairs(users, items, 400, 3000)
    const shares: number[] = []
    const signal = AbortSignal.abort()
    const stopped = itemNeighbours(wide, { signal, onProgress: (share) => void shares.push(share) })
    await expect(stopped).rejects.toThrow(AbortedError)
    expect(shares).toHaveLength(1)
    expect(shares[0]).toBeLessThan(1)
  })
})

describe('neighbourRanker', () => {
  it('lists every item in the order of its sum of similarities, excluded ones left out', async () => {
    const options = fc.record({
      k: fc.integer({ min: 1, max: 12 }),
      neighbours: fc.integer({ min: 1, max: 10 }),
      alsoExcluded: fc.nat(8),
    })
    await fc.assert(
      fc.asyncProperty(matrices, options, async (train, { k, neighbours: most, alsoExcluded }) => {
        const rank = neighbourRanker(await itemNeighbours(train, { neighbours: most }), train)
        const similarities = keptSimilarities(train, most, 0).map((row) => row.map(Math.fround))
        const users = Uint32Array.from({ length: train.rows }, (_, user) => user).filter((user) => user !== 1)
        const banned = [...users].map((user) => [...new Set([...rowColumns(train, user), alsoExcluded])])
        const exclude = csrFromPairs(
          banned.flatMap((items, row) => items.filter((item) => item < train.columnCount).map(() => row)),
          banned.flat().filter((item) => item < train.columnCount),
          users.length,
          train.columnCount,
        )
        // Twice, since a ranker keeps its arrays.
        for (let time = 0; time < 2; time++) {
          const ranking = await rank(users, { k, exclude })
          users.forEach((user, row) => {
            const scores = similarities.map((_, item) =>
              [...rowColumns(train, user)].reduce((sum, own) => sum + similarities[own]![item]!, 0),
            )
            const left = ordered(scores).filter((item) => !rowColumns(exclude, row).includes(item))
            const places = Array.from({ length: k }, (_, place) => left[place] ?? NO_ITEM)
            expect([...ranking.items.subarray(row * k, (row + 1) * k)]).toEqual(places)
            expect([...ranking.scores.subarray(row * k, (row + 1) * k)]).toEqual(
              places.map((item) => (item === NO_ITEM ? -Infinity : Math.fround(scores[item]!))),
            )
          })
        }
      }),
    )
  })

  it('excludes nothing unless told to', async () => {
    const train = csrFromPairs([0, 0, 1], [0, 1, 1], 2, 3)
    const rank = neighbourRanker(await itemNeighbours(train), train)
    expect([...(await rank(Uint32Array.of(0), { k: 3 })).items]).toEqual([0, 1, 2])
  })
})

describe('evaluateRanker', () => {
  const engine = openOracleEngine()
  const options = { k: 3, averageOver: 'usersWithTest', maskValidation: true } as const

  it('is evaluate for vectors', async () => {
    const dataset = twoTastes(20, 12, (user, item) => (user * 7 + item * 3) % 4 === 0)
    const vectors = mostPopular(dataset)
    const all = { ...options, metrics: 'all', keepLists: true } as const
    expect(await evaluateRanker(vectorRanker(vectors, engine), dataset, 'test', all)).toEqual(
      await evaluate(vectors, dataset, 'test', engine, all),
    )
  })

  it('shows item-knn to find tastes', async () => {
    const dataset = twoTastes(40, 16, (user, item) => (user * 7 + item * 3) % 4 === 0)
    const knn = await evaluateRanker(await itemKnn(dataset), dataset, 'test', options)
    const popular = await evaluate(mostPopular(dataset), dataset, 'test', engine, options)
    expect(knn.metrics['recall@3']).toBe(1)
    expect(knn.metrics['recall@3']).toBeGreaterThan(popular.metrics['recall@3']!)
  })

  it('leaves validation items out as for vectors', async () => {
    const dataset = handmadeDataset(4, {
      train: [[0, 1], [0, 1, 2], [3]],
      validation: [[2], [], []],
      test: [[3], [], []],
    })
    const ranker = await itemKnn(dataset)
    const one = { ...options, k: 1 }
    expect((await evaluateRanker(ranker, dataset, 'test', one)).metrics['recall@1']).toBe(1)
    const unmasked = await evaluateRanker(ranker, dataset, 'test', { ...one, maskValidation: false })
    expect(unmasked.metrics['recall@1']).toBe(0)
  })
})

it('TopItems keeps the best of what it is offered', () => {
  const offered = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 })
  fc.assert(
    fc.property(offered, fc.integer({ min: 0, max: 8 }), (scores, k) => {
      const top = new TopItems(k)
      for (let time = 0; time < 2; time++) {
        top.clear()
        scores.forEach((score, item) => top.offer(item, score))
        top.sort()
        expect([...top.items.subarray(0, top.size)]).toEqual(ordered(scores).slice(0, k))
      }
    }),
  )
})
