import { describe, expect, it } from 'vitest'
import { countsOf } from '../src/data/curves/curve.ts'
import { ml10mCurve } from '../src/data/curves/ml10m.ts'
import { netflixCurve } from '../src/data/curves/netflix.ts'
import { paperDataset } from '../src/data/paperDataset.ts'

const sum = (counts: Uint32Array): number => counts.reduce((total, count) => total + count, 0)

it('reads counts as gaps, the largest first', () => {
  expect([...countsOf('1x2 1 3')]).toEqual([5, 2, 1, 1])
  expect([...countsOf('0x2 4')]).toEqual([4, 0, 0])
})

// Users, items and interactions of DICE's training parts: METHODS.md §9.
describe.each([
  ['ml10m', ml10mCurve, 37_962, 4_819, 960_031],
  ['netflix', netflixCurve, 32_450, 8_432, 1_548_883],
] as const)('the curve of %s', (_, curve, users, items, interactions) => {
  it('has the data set’s size, told from either side', () => {
    const [userCounts, itemCounts] = [countsOf(curve.users), countsOf(curve.items)]
    expect([userCounts.length, itemCounts.length]).toEqual([users, items])
    expect([sum(userCounts), sum(itemCounts)]).toEqual([interactions, interactions])
  })
})

it('stands in for a data set that is not there', async () => {
  const { dataset, facts } = await paperDataset('ml10m', undefined)
  expect(facts).toMatchObject({ source: 'simulated', users: 37_962, items: 4_819, interactions: 960_031 })
  const { train } = dataset.parts
  const itemCounts = new Uint32Array(train.columnCount)
  for (const item of train.columns) itemCounts[item]!++
  expect(itemCounts.toSorted()).toEqual(countsOf(ml10mCurve.items).toSorted())
  expect(dataset.parts.validation).toBeUndefined()
})
