import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csrFromPairs, popularityOrder, rowColumns, wholeMargin } from '../src/index.ts'

describe('popularityOrder', () => {
  it('lists items from the least popular on, ties by number, and where each user’s items are in that list', () => {
    // User 0 has items 0 and 3, user 1 none, user 2 items 1, 2 and 4.
    const interactions = csrFromPairs([0, 0, 2, 2, 2], [0, 3, 1, 2, 4], 3, 5)
    const { items, counts, owned } = popularityOrder(Uint32Array.of(7, 2, 2, 0, 4_000_000_000), interactions)
    expect([...items]).toEqual([3, 1, 2, 0, 4])
    expect([...counts]).toEqual([0, 2, 2, 7, 4_000_000_000])
    expect([...owned]).toEqual([0, 3, 1, 2, 4])
  })

  it('names every item once, and each user’s own items by their places', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9), { minLength: 1, maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(5), fc.nat(39)), { maxLength: 60 }),
        (list, pairs) => {
          const popularity = Uint32Array.from(list)
          const rowOf = pairs.map(([row]) => row)
          const columnOf = pairs.map(([, column]) => column % list.length)
          const interactions = csrFromPairs(rowOf, columnOf, 6, list.length)
          const { items, counts, owned } = popularityOrder(popularity, interactions)
          expect([...items].sort((a, b) => a - b)).toEqual(list.map((_, item) => item))
          expect([...counts]).toEqual(Array.from(items, (item) => popularity[item]))
          expect([...counts]).toEqual([...counts].sort((a, b) => a - b))
          for (let user = 0; user < 6; user++) {
            const places = owned.subarray(interactions.rowPointer[user], interactions.rowPointer[user + 1])
            expect([...places]).toEqual([...places].sort((a, b) => a - b))
            const named = Array.from(places, (place) => items[place]!).sort((a, b) => a - b)
            expect(named).toEqual([...rowColumns(interactions, user)])
          }
        },
      ),
    )
  })
})

describe('wholeMargin', () => {
  it('decays from epoch to epoch and is rounded down', () => {
    const epochs = [0, 1, 2, 3, 50]
    expect(epochs.map((epoch) => wholeMargin({ margin: 40, decay: 0.9 }, epoch))).toEqual([40, 36, 32, 29, 0])
    expect(epochs.map((epoch) => wholeMargin({ margin: 2.5, decay: 1 }, epoch))).toEqual([2, 2, 2, 2, 2])
    expect(wholeMargin({ margin: 0, decay: 0.5 }, 3)).toBe(0)
  })

  it('decides like the margin itself for whole counts', () => {
    const count = fc.nat(100)
    fc.assert(
      fc.property(count, count, fc.double({ min: 0, max: 120, noNaN: true }), fc.nat(9), (a, b, margin, epoch) => {
        const [M, whole] = [margin * 0.8 ** epoch, wholeMargin({ margin, decay: 0.8 }, epoch)]
        expect(b > a + whole).toBe(b - a > M)
        expect(b < a - whole).toBe(a - b > M)
      }),
    )
  })
})
