import { columnCounts, csrFromPairs, type Csr } from '@gradrec/engine'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { datasetFromInteractions, kCore, readInteractions } from '../../src/index.ts'
import { pairsOfPart } from '../../src/splits/pairsOfPart.ts'
import { arbitraryCsr } from '../arbitraryCsr.ts'
import { chunksOfText } from '../chunksOfText.ts'
import { plainPairs } from '../plainInteractions.ts'

const least = fc.integer({ min: 1, max: 4 })

function userCounts(matrix: Csr): number[] {
  return Array.from({ length: matrix.rows }, (_, user) => matrix.rowPointer[user + 1]! - matrix.rowPointer[user]!)
}

/** Drops one user or item at a time, the slow way. */
function coreByHand(pairs: readonly string[], users: number, items: number): string[] {
  const side = (at: 0 | 1, each: string): string => each.split(',')[at]!
  const short = (at: 0 | 1, minimum: number): string | undefined =>
    pairs.map((each) => side(at, each)).find((id) => pairs.filter((other) => side(at, other) === id).length < minimum)
  const user = short(0, users)
  if (user !== undefined)
    return coreByHand(
      pairs.filter((each) => side(0, each) !== user),
      users,
      items,
    )
  const item = short(1, items)
  if (item !== undefined)
    return coreByHand(
      pairs.filter((each) => side(1, each) !== item),
      users,
      items,
    )
  return [...pairs]
}

test('keeps what is left when users and items are dropped one by one, in any order', () => {
  fc.assert(
    fc.property(arbitraryCsr(), least, least, (matrix, users, items) => {
      const core = kCore(matrix, { users, items })
      const kept = pairsOfPart(matrix, core.keepsPair, 1)
      expect(plainPairs(kept)).toEqual(coreByHand(plainPairs(matrix), users, items))
      expect(core.droppedPairs).toBe(matrix.columns.length - kept.columns.length)
      expect(Array.from(core.keepsUser)).toEqual(userCounts(kept).map((count) => (count > 0 ? 1 : 0)))
      expect(Array.from(core.keepsItem)).toEqual(Array.from(columnCounts(kept), (count) => (count > 0 ? 1 : 0)))
    }),
  )
})

// User 0 has items 0, 1; user 1 has 1, 2; user 2 has 2, 3; only item 0 and item 3 have one user.
const CHAIN = csrFromPairs([0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 2, 3], 3, 4)

test('a chain falls apart step by step, or loses its ends only', () => {
  const whole = kCore(CHAIN, { users: 2, items: 2 })
  expect(whole).toMatchObject({ droppedUsers: 3, droppedItems: 4, droppedPairs: 6, passes: 2 })
  const once = kCore(CHAIN, { users: 2, items: 2, passes: 'once' })
  expect(plainPairs(pairsOfPart(CHAIN, once.keepsPair, 1))).toEqual(['1,1', '1,2'])
  expect(once).toMatchObject({ droppedUsers: 2, droppedItems: 2, droppedPairs: 4, passes: 1 })
  expect(kCore(CHAIN, {})).toMatchObject({ droppedPairs: 0, passes: 0 })
})

test('the data set has the users and items of the core, and counts the others', async () => {
  const content = 'user,item\na,x\na,y\nb,x\nb,y\nb,y\nc,y\nc,z\n'
  const dataset = await datasetFromInteractions(await readInteractions('t.csv', chunksOfText(content)), {
    name: 't',
    kCore: { users: 2, items: 2 },
    split: { kind: 'none' },
  })
  expect(
    [dataset.users, dataset.items].map((ids) => Array.from({ length: ids.size }, (_, at) => ids.idOf(at))),
  ).toEqual([
    ['a', 'b'],
    ['x', 'y'],
  ])
  expect(plainPairs(dataset.parts.train)).toEqual(['0,0', '0,1', '1,0', '1,1'])
  expect(dataset.repairs.map(({ code, count }) => `${code} ${count}`)).toEqual([
    'duplicate-pair 1',
    'user-below-core 1',
    'item-below-core 1',
    'pair-below-core 2',
  ])
  expect(dataset.protocol).toMatchInlineSnapshot(
    `"Users with 2 items or more and items with 2 users or more (filtered until stable). All interactions are for training."`,
  )
})

test('numbers out of range and a core of nothing are refused', async () => {
  expect(() => kCore(CHAIN, { items: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[DataOptionError: the k-core asks for 0 interactions of items; expected a whole number, 1 or more]`,
  )
  const interactions = await readInteractions('t.csv', chunksOfText('user,item\na,x\n'))
  await expect(
    datasetFromInteractions(interactions, { name: 't', kCore: { users: 2 } }),
  ).rejects.toThrowErrorMatchingInlineSnapshot(
    `[EmptyDataError: t: no users with 2 and items with 1 interactions or more are left; expected some: ask for fewer interactions each]`,
  )
})
