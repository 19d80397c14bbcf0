import { csrFromPairs } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { headOf, interactionStatistics } from '../src/index.ts'

test('the head ends before the row whose running sum reaches the share', () => {
  // Of 10 interactions, 5 and 7 are below 8, and the third reaches it.
  expect(headOf(Uint32Array.of(2, 5, 1, 1, 1))).toEqual({ isMember: Uint8Array.of(1, 1, 0, 0, 0), size: 2 })
  // 4 + 4 reaches 8 of 10 exactly: the second is left out. Ties: the lower number first.
  expect(headOf(Uint32Array.of(1, 4, 4, 1))).toEqual({ isMember: Uint8Array.of(0, 1, 0, 0), size: 1 })
  expect(headOf(new Uint32Array(0)).size).toBe(0)
})

test('counts by hand', () => {
  // Users have 3, 1, 1 interactions: the active one is user 0 (3 < 4 ≤ 3 + 1). Items have 3, 1, 1: the popular one is item 0.
  const train = csrFromPairs([0, 0, 0, 1, 2], [0, 1, 2, 0, 0], 3, 4)
  expect(interactionStatistics(train)).toEqual({
    users: {
      all: { users: 3, popularItemsPerUser: 1, unpopularItemsPerUser: 2 / 3 },
      active: { users: 1, popularItemsPerUser: 1, unpopularItemsPerUser: 2 },
      inactive: { users: 2, popularItemsPerUser: 1, unpopularItemsPerUser: 0 },
    },
    items: {
      all: { items: 4, activeUsersPerItem: 3 / 4, inactiveUsersPerItem: 2 / 4 },
      popular: { items: 1, activeUsersPerItem: 1, inactiveUsersPerItem: 2 },
      unpopular: { items: 3, activeUsersPerItem: 2 / 3, inactiveUsersPerItem: 0 },
    },
  })
})
