import { columnCounts, csrFromPairs, rowColumns, type Csr } from '@gradrec/engine'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { powerLawCounts, shuffledCounts } from '../src/data/countCurves.ts'
import { simulatedInteractions } from '../src/data/simulatedInteractions.ts'

/** Margins that some matrix has: those of a random one, of any density. */
const feasibleMargins = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 10 }))
  .chain(([users, items]) =>
    fc.uniqueArray(fc.nat(users * items - 1), { minLength: 0, maxLength: users * items }).map((cells) => {
      const matrix = csrFromPairs(
        cells.map((cell) => Math.floor(cell / items)),
        cells.map((cell) => cell % items),
        users,
        items,
      )
      return { userCounts: rowCounts(matrix), itemCounts: columnCounts(matrix) }
    }),
  )

function rowCounts({ rows, rowPointer }: Csr): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => rowPointer[row + 1]! - rowPointer[row]!)
}

function expectMargins(matrix: Csr, userCounts: Uint32Array, itemCounts: Uint32Array): void {
  expect(rowCounts(matrix)).toEqual(userCounts)
  expect(columnCounts(matrix)).toEqual(itemCounts)
  for (let row = 0; row < matrix.rows; row++) {
    const columns = rowColumns(matrix, row)
    for (let n = 1; n < columns.length; n++) expect(columns[n]).toBeGreaterThan(columns[n - 1]!)
  }
}

describe('simulatedInteractions', () => {
  it('has exactly the margins asked for, and rows that ascend without repeats', () => {
    fc.assert(
      fc.property(feasibleMargins, fc.nat(1000), ({ userCounts, itemCounts }, seed) => {
        expectMargins(simulatedInteractions({ userCounts, itemCounts, seed }), userCounts, itemCounts)
      }),
      { numRuns: 1000 },
    )
  })

  it('has them where one matrix only has them', () => {
    // A staircase: everybody has the first item, the last user all of them.
    const userCounts = Uint32Array.from({ length: 40 }, (_, user) => user + 1)
    const itemCounts = Uint32Array.from({ length: 40 }, (_, item) => 40 - item)
    const matrix = simulatedInteractions({ userCounts, itemCounts, seed: 3 })
    expectMargins(matrix, userCounts, itemCounts)
    expect([...rowColumns(matrix, 6)]).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('has them with popular items, with users of almost everything, and with thousands of users', () => {
    const userCounts = shuffledCounts(powerLawCounts({ size: 3000, total: 60_000, exponent: 0.9, most: 480 }), 1)
    const itemCounts = shuffledCounts(powerLawCounts({ size: 500, total: 60_000, exponent: 1, most: 2900 }), 1)
    expectMargins(simulatedInteractions({ userCounts, itemCounts, seed: 7 }), userCounts, itemCounts)
  })

  it('gives the same bits for the same seed and others for another', () => {
    const userCounts = powerLawCounts({ size: 300, total: 6000, exponent: 0.5, most: 100 })
    const itemCounts = powerLawCounts({ size: 200, total: 6000, exponent: 1, most: 200 })
    const columnsOf = (seed: number) => simulatedInteractions({ userCounts, itemCounts, seed }).columns
    expect(columnsOf(5)).toEqual(columnsOf(5))
    expect(columnsOf(5)).not.toEqual(columnsOf(6))
  })

  it('gives every item to users in proportion to what they have', () => {
    // Users with two interactions each and with six each: of an item that a tenth of all have, a quarter is with the former.
    const users = 4000
    const userCounts = Uint32Array.from({ length: users }, (_, user) => (user < users / 2 ? 2 : 6))
    const itemCounts = new Uint32Array(40).fill(users / 10)
    const matrix = simulatedInteractions({ userCounts, itemCounts, seed: 11 })
    const firstHalf = new Uint32Array(40)
    for (let user = 0; user < users / 2; user++) for (const item of rowColumns(matrix, user)) firstHalf[item]!++
    // Binomial with n = 400 and p = ¼ within five standard deviations.
    for (const count of firstHalf) expect(Math.abs(count - 100)).toBeLessThan(5 * Math.sqrt(400 * 0.25 * 0.75))
  })

  it('refuses margins that nothing has', () => {
    const margins = (userCounts: number[], itemCounts: number[]) => () =>
      simulatedInteractions({
        userCounts: Uint32Array.from(userCounts),
        itemCounts: Uint32Array.from(itemCounts),
        seed: 0,
      })
    expect(margins([2, 1], [1, 1])).toThrow(RangeError)
    expect(margins([3], [1, 2])).toThrow('at most the 2 items')
    // Sums and sizes are right; two users with three items each have to share the third's.
    expect(margins([3, 3, 0], [3, 1, 1, 1])).toThrow('no interactions without repeats')
  })
})

describe('powerLawCounts', () => {
  it('has the sum asked for, within the bounds, and never rises', () => {
    const law = fc
      .record({
        size: fc.integer({ min: 1, max: 200 }),
        least: fc.integer({ min: 0, max: 3 }),
        room: fc.integer({ min: 0, max: 400 }),
        exponent: fc.double({ min: 0, max: 3, noNaN: true }),
        offset: fc.double({ min: 0, max: 20, noNaN: true }),
        filled: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ size, least, room, filled, ...rest }) => {
        const most = least + room
        return { size, least, most, total: Math.round(size * (least + filled * room)), ...rest }
      })
    fc.assert(
      fc.property(law, (options) => {
        const counts = powerLawCounts(options)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(options.total)
        for (const [rank, count] of counts.entries()) {
          expect(count).toBeGreaterThanOrEqual(options.least)
          expect(count).toBeLessThanOrEqual(options.most)
          if (rank > 0) expect(count).toBeLessThanOrEqual(counts[rank - 1]!)
        }
      }),
    )
  })

  it('falls as the law says between the bounds', () => {
    const counts = powerLawCounts({ size: 1000, total: 1_000_000, exponent: 1, most: 1_000_000 })
    // Rounding is one at most, and what it leaves over is one each at most.
    for (const rank of [1, 9, 99, 499]) expect(Math.abs(counts[0]! / (rank + 1) - counts[rank]!)).toBeLessThan(3)
  })

  it('refuses sums out of reach', () => {
    expect(() => powerLawCounts({ size: 10, total: 5, exponent: 1, most: 9 })).toThrow('10 … 90')
    expect(() => powerLawCounts({ size: 10, total: 91, exponent: 1, most: 9 })).toThrow(RangeError)
  })
})

describe('shuffledCounts', () => {
  it('keeps the counts and changes their order', () => {
    const counts = Uint32Array.from({ length: 500 }, (_, n) => n)
    const shuffled = shuffledCounts(counts, 2)
    expect(shuffled).not.toEqual(counts)
    expect(shuffled.toSorted()).toEqual(counts)
    expect(shuffledCounts(counts, 2)).toEqual(shuffled)
  })
})
