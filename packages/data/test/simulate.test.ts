import { columnCounts, type Csr } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { csrIntersection, simulate, type Dataset } from '../src/index.ts'

function gini(counts: Uint32Array): number {
  const sorted = counts.toSorted()
  const total = sorted.reduce((a, b) => a + b, 0)
  const weighted = sorted.reduce((sum, count, k) => sum + (k + 1) * count, 0)
  return (2 * weighted) / (sorted.length * total) - (sorted.length + 1) / sorted.length
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((x, y) => x + y, 0) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  let [product, squaresA, squaresB] = [0, 0, 0]
  for (let k = 0; k < a.length; k++) {
    product += (a[k]! - meanA) * (b[k]! - meanB)
    squaresA += (a[k]! - meanA) * (a[k]! - meanA)
    squaresB += (b[k]! - meanB) * (b[k]! - meanB)
  }
  return product / Math.sqrt(squaresA * squaresB)
}

/** Mean Recall@20 over users with test items, all items but the user's training items ranked. */
function recallAt20(dataset: Dataset, part: Csr, score: (user: number, item: number) => number): number {
  const { train } = dataset.parts
  let sum = 0
  let users = 0
  for (let user = 0; user < train.rows; user++) {
    const wanted = new Set(part.columns.subarray(part.rowPointer[user], part.rowPointer[user + 1]))
    if (wanted.size === 0) continue
    const seen = new Set(train.columns.subarray(train.rowPointer[user], train.rowPointer[user + 1]))
    const items = Array.from({ length: train.columnCount }, (_, item) => item).filter((item) => !seen.has(item))
    const list = items.sort((a, b) => score(user, b) - score(user, a)).slice(0, 20)
    sum += list.filter((item) => wanted.has(item)).length / wanted.size
    users++
  }
  return sum / users
}

const dataset = await simulate()
const { train, validation, test: tested, biasedTest } = dataset.parts as Required<Dataset['parts']>

test('has the sizes asked for, no pair twice, and the truth beside it', () => {
  expect([dataset.users.size, dataset.items.size]).toEqual([1000, 600])
  expect([validation.columns.length, tested.columns.length]).toEqual([4000, 8000])
  expect(train.columns.length + biasedTest.columns.length).toBe(33_000)
  expect(Math.abs(train.columns.length - 30_000)).toBeLessThan(300)
  const parts = [train, validation, tested, biasedTest]
  for (const a of parts) for (const b of parts) if (a !== b) expect(csrIntersection(a, b).columns).toHaveLength(0)
  expect(dataset.repairs).toEqual([])
  const truth = dataset.truth!
  expect(truth.userInterests).toHaveLength(6000)
  expect(truth.itemInterests).toHaveLength(3600)
  for (const values of Object.values(truth)) {
    if (values instanceof Float32Array) expect(values.every(Number.isFinite)).toBe(true)
  }
  expect(truth.itemPopularity.reduce((a, b) => a + b, 0) / 600).toBeCloseTo(1, 4)
})

test('trains on a long tail that the test does not have', () => {
  expect(gini(columnCounts(train))).toBeGreaterThan(0.5)
  expect(gini(columnCounts(tested))).toBeLessThan(0.25)
  const popularity = columnCounts(train)
  expect(correlation(popularity, columnCounts(biasedTest))).toBeGreaterThan(0.9)
  expect(correlation(popularity, columnCounts(tested))).toBeLessThan(0)
  expect(correlation(popularity, dataset.truth!.itemPopularity)).toBeGreaterThan(0.3)
})

test('rewards popularity where exposure is biased, and interest where it is not', () => {
  const popularity = columnCounts(train)
  const byPopularity = (_: number, item: number): number => popularity[item]!
  const { userInterests, itemInterests, interestDimension } = dataset.truth!
  const byInterest = (user: number, item: number): number => {
    let match = 0
    for (let d = 0; d < interestDimension; d++) {
      match += userInterests[user * interestDimension + d]! * itemInterests[item * interestDimension + d]!
    }
    return match
  }
  expect(recallAt20(dataset, biasedTest, byPopularity)).toBeGreaterThan(0.25)
  // Chance is 20 of some 570 items: 0.035.
  expect(recallAt20(dataset, tested, byPopularity)).toBeLessThan(0.035)
  expect(recallAt20(dataset, tested, byInterest)).toBeGreaterThan(0.15)
})

test('depends on the seed and on nothing else', async () => {
  expect((await simulate()).hash).toBe(dataset.hash)
  expect((await simulate({ seed: 1 })).hash).not.toBe(dataset.hash)
})

test('loses its bias without popularity', async () => {
  const fair = await simulate({ popularityBias: 0 })
  expect(gini(columnCounts(fair.parts.train))).toBeLessThan(0.3)
})

test('takes other sizes, and refuses those that do not fit', async () => {
  const small = await simulate({
    users: 20,
    items: 10,
    trainInteractions: 40,
    biasedTestInteractions: 0,
    validationInteractions: 10,
    testInteractions: 10,
    interestDimension: 1,
  })
  expect(small.parts.train.columns).toHaveLength(40)
  expect(Object.keys(small.parts)).toEqual(['train', 'validation', 'test'])
  await expect(simulate({ users: 20, items: 10 })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: simulate: 45000 interactions are wanted of 20 users × 10 items; expected at most half of the pairs: ask for fewer interactions, or for more users or items]`,
  )
  await expect(simulate({ users: 1.5 })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: simulate: users is 1.5; expected a whole number, 2 or more]`,
  )
  await expect(simulate({ popularityBias: Number.NaN })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: simulate: popularityBias is NaN; expected a number, 0 or more]`,
  )
})
