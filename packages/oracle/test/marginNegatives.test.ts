import {
  boundedInteger,
  csrFromPairs,
  keyOfSeed,
  popularityOrder,
  stepsPerEpoch,
  Stream,
  type PopularityMargin,
} from '@gradrec/engine'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uniformDeviation } from '../../engine/test/chiSquare.ts'
import { marginNegatives, sampleStep, type SampleSpec } from '../src/index.ts'

const key = keyOfSeed(23)

interface Slot {
  /** c, one count an item. */
  readonly popularity: readonly number[]
  /** Items of the user; the positive is among them. */
  readonly owned: readonly number[]
  readonly positive: number
  readonly negatives?: number
  readonly distinct?: boolean
  readonly margin?: number
  readonly decay?: number
  readonly pool?: number
  readonly downRule?: PopularityMargin['downRule']
  readonly epoch?: number
  readonly slot?: number
}

/** The negatives of one slot, by default independent, with no margin and a pool of one. */
function drawn(given: Slot): number[] {
  const { owned, positive, negatives = 4, distinct = false, margin = 0, decay = 1, pool = 1, epoch = 0 } = given
  const popularity = Uint32Array.from(given.popularity)
  const interactions = csrFromPairs(
    owned.map(() => 0),
    owned,
    1,
    popularity.length,
  )
  const order = popularityOrder(popularity, interactions)
  const rule = { popularity, margin, decay, pool, downRule: given.downRule ?? 'half' }
  const at = { step: 3, slot: given.slot ?? 0, epoch, count: popularity[positive]!, owned: order.owned, key }
  return marginNegatives(order, { negatives, distinct, margin: rule }, at)
}

/** Negatives of many slots, one after the other. */
function drawnOften(slots: number, given: Slot): number[] {
  return Array.from({ length: slots }, (_, slot) => drawn({ ...given, slot })).flat()
}

function seen(items: readonly number[]): number[] {
  return [...new Set(items)].sort((a, b) => a - b)
}

describe('marginNegatives, branch by branch', () => {
  // Items in no order of popularity. The user has items 2 (the positive, count 20), 4 and 7.
  const popularity = [50, 5, 20, 31, 9, 30, 10, 40, 11, 0]
  const slot: Slot = { popularity, owned: [2, 4, 7], positive: 2 }

  it('draws from both kinds: more popular by more than the margin, and less than half as popular', () => {
    // Up: above 20 + 10, without item 7: 0 (50) and 3 (31). Down: below 10, without item 4: 1 (5) and 9 (0).
    expect(seen(drawnOften(200, { ...slot, margin: 10, pool: 2 }))).toEqual([0, 1, 3, 9])
    // Exactly at the margin and exactly half are neither: items 5 (30) and 6 (10).
    expect(seen(drawnOften(200, { ...slot, margin: 9.99, pool: 2 }))).toEqual([0, 1, 3, 5, 9])
  })

  it('draws less popular ones by the margin', () => {
    // Down: below 20 − 9 = 11, without item 4: 1 (5), 6 (10) and 9 (0); item 8 (11) is not.
    expect(seen(drawnOften(200, { ...slot, margin: 9, downRule: 'margin' }))).toEqual([0, 1, 3, 5, 6, 9])
    expect(seen(drawnOften(200, { ...slot, margin: 8.5, downRule: 'margin' }))).toEqual([0, 1, 3, 5, 6, 8, 9])
    // No count is below 20 − 25.
    expect(seen(drawnOften(200, { ...slot, margin: 25, downRule: 'margin' }))).toEqual([0])
  })

  it('takes less popular ones alone where more popular ones are fewer than the pool', () => {
    expect(seen(drawnOften(100, { ...slot, margin: 10, pool: 3 }))).toEqual([1, 9])
  })

  it('takes more popular ones alone where less popular ones are fewer than the pool', () => {
    // Up: items 0, 3 and 5; down: items 1 and 9.
    expect(seen(drawnOften(100, { ...slot, margin: 9, pool: 3 }))).toEqual([0, 3, 5])
  })

  it('takes more popular ones all the same where there is no less popular one', () => {
    // One up, none down, and a pool of two: "all down" falls on an empty kind.
    expect(seen(drawnOften(20, { popularity: [4, 4, 9, 4], owned: [0], positive: 0, pool: 2 }))).toEqual([2])
  })

  it('is uniform over the items the user lacks where neither kind has any', () => {
    const same: Slot = { popularity: [4, 4, 4, 4, 4, 4, 4], owned: [1, 3], positive: 1, negatives: 3 }
    const items = drawnOften(3000, same)
    expect(seen(items)).toEqual([0, 2, 4, 5, 6])
    const counts = seen(items).map((item) => items.filter((other) => other === item).length)
    expect(Math.abs(uniformDeviation(counts))).toBeLessThan(4)
    for (const slotNumber of [0, 1, 2, 3]) {
      expect(new Set(drawn({ ...same, negatives: 5, distinct: true, slot: slotNumber })).size).toBe(5)
    }
  })

  it('takes no item that is as popular as the positive, whatever its number', () => {
    const ties: Slot = { popularity: [7, 3, 7, 9, 7], owned: [2], positive: 2 }
    expect(seen(drawnOften(100, ties))).toEqual([1, 3])
  })

  it('lets the margin shrink from epoch to epoch', () => {
    // 40 · 0.5ᵉ: 40, 20, 10, 5 … above the positive's 20: none, 50 only, 31 as well, 30 as well.
    const shrinking: Slot = { ...slot, margin: 40, decay: 0.5, downRule: 'half' }
    const up = (epoch: number): number[] =>
      seen(drawnOften(100, { ...shrinking, epoch })).filter((item) => popularity[item]! > 20)
    expect([0, 1, 2, 3, 4].map(up)).toEqual([[], [0], [0, 3], [0, 3, 5], [0, 3, 5]])
  })
})

describe('marginNegatives', () => {
  const slots = fc
    .record({
      popularity: fc.array(fc.nat(12), { minLength: 2, maxLength: 30 }),
      owned: fc.array(fc.nat(29), { minLength: 1, maxLength: 12 }),
      negatives: fc.integer({ min: 1, max: 8 }),
      distinct: fc.boolean(),
      margin: fc.double({ min: 0, max: 9, noNaN: true }),
      decay: fc.double({ min: 0.1, max: 1, noNaN: true }),
      pool: fc.integer({ min: 1, max: 8 }),
      downRule: fc.constantFrom('half' as const, 'margin' as const),
      epoch: fc.nat(5),
      slot: fc.nat(1000),
    })
    .map((given): Required<Slot> => {
      const items = given.popularity.length
      // At least one item is left out.
      const owned = [...new Set(given.owned.map((item) => item % items))].slice(0, items - 1)
      return { ...given, owned, positive: owned[0]! }
    })

  it('is the rule as defined, for any catalogue', () => {
    fc.assert(
      fc.property(slots, (given) => {
        const { popularity, owned, positive, margin, decay, pool, downRule, epoch, distinct } = given
        const left = popularity.map((_, item) => item).filter((item) => !owned.includes(item))
        const [M, c] = [margin * decay ** epoch, popularity[positive]!]
        const up = left.filter((item) => popularity[item]! > c + M)
        const down = left.filter((item) => popularity[item]! < (downRule === 'half' ? c / 2 : c - M))
        const either = up.length < pool ? down : down.length < pool ? up : [...up, ...down]
        const expected = either.length > 0 ? either : up.length > 0 ? up : left
        const negatives = drawn(given)
        for (const item of negatives) expect(expected).toContain(item)
        if (!distinct) return
        const ofOne = [up, down].map((kind) => ({ kind, members: negatives.filter((item) => kind.includes(item)) }))
        const none = { kind: left, members: negatives.filter((item) => !up.includes(item) && !down.includes(item)) }
        for (const { kind, members } of [...ofOne, none]) {
          if (members.length <= kind.length) expect(new Set(members).size).toBe(members.length)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('draws each kind half of the time, and within a kind each item as often', () => {
    const popularity = [10, 1, 2, 3, 30, 31, 32, 33, 34]
    const given: Slot = { popularity, owned: [0, 5], positive: 0, negatives: 3 }
    const items = drawnOften(4000, given)
    const counts = (of: readonly number[]): number[] => of.map((item) => items.filter((other) => other === item).length)
    const [up, down] = [counts([4, 6, 7, 8]), counts([1, 2, 3])]
    const sums = [up, down].map((kind) => kind.reduce((sum, count) => sum + count, 0))
    expect(sums[0]! + sums[1]!).toBe(items.length)
    for (const equal of [sums, up, down]) expect(Math.abs(uniformDeviation(equal))).toBeLessThan(4)
    // Negatives of one slot choose their kinds independently: all eight patterns are as likely.
    const patterns = new Map<string, number>()
    for (let n = 0; n < items.length; n += 3) {
      const pattern = items
        .slice(n, n + 3)
        .map((item) => item >= 4)
        .join()
      patterns.set(pattern, (patterns.get(pattern) ?? 0) + 1)
    }
    expect(patterns.size).toBe(8)
    expect(Math.abs(uniformDeviation([...patterns.values()]))).toBeLessThan(4)
  })

  it('draws each set of distinct items of a kind as often', () => {
    const given: Slot = { popularity: [1, 9, 8, 7, 9, 6], owned: [0], positive: 0, negatives: 2, distinct: true }
    const sets = new Map<string, number>()
    for (let slot = 0; slot < 10_000; slot++) {
      const set = seen(drawn({ ...given, slot })).join()
      sets.set(set, (sets.get(set) ?? 0) + 1)
    }
    expect(sets.size).toBe(10)
    expect(Math.abs(uniformDeviation([...sets.values()]))).toBeLessThan(4)
  })

  it('draws with the number of the negative, among those of its kind', () => {
    // Up: items 1, 2, 3, ascending by count; down: items 4 and 5.
    const given: Slot = { popularity: [10, 21, 22, 23, 1, 2], owned: [0], positive: 0, negatives: 6 }
    for (let slot = 0; slot < 50; slot++) {
      const expected = Array.from({ length: 6 }, (_, k) => {
        const isUp = boundedInteger(2, 3, slot, k, Stream.negativeKind, key) === 1
        const rank = boundedInteger(isUp ? 3 : 2, 3, slot, k, Stream.negative, key)
        return isUp ? 1 + rank : 4 + rank
      })
      expect(drawn({ ...given, slot })).toEqual(expected)
    }
  })

  it('gives a rank of its kind that is taken away for the newest of that kind', () => {
    const given: Slot = { popularity: [10, 21, 22, 23, 1, 2, 3], owned: [0], positive: 0, negatives: 4, distinct: true }
    for (let slot = 0; slot < 200; slot++) {
      const kinds = [0, 1, 2, 3].map((k) => boundedInteger(2, 3, slot, k, Stream.negativeKind, key))
      const taken: number[][] = [[], []]
      const expected = kinds.map((kind, k) => {
        const [size, before] = [kinds.filter((other) => other === kind).length, taken[kind]!]
        // Three items of each kind: four negatives of one kind are drawn independently.
        const bound = size <= 3 ? 3 - size + before.length + 1 : 3
        const draw = boundedInteger(bound, 3, slot, k, Stream.negative, key)
        const rank = size <= 3 && before.includes(draw) ? bound - 1 : draw
        before.push(rank)
        return kind === 1 ? 1 + rank : 4 + rank
      })
      expect(drawn({ ...given, slot })).toEqual(expected)
    }
  })
})

describe('sampleStep with a margin', () => {
  const interactions = csrFromPairs([0, 0, 1, 1, 2, 2, 2, 3], [0, 1, 2, 0, 3, 4, 0, 5], 4, 9)
  const popularity = Uint32Array.of(9, 2, 5, 1, 7, 3, 12, 0, 4)
  const margin: PopularityMargin = { popularity, margin: 8, decay: 0.5, pool: 1, downRule: 'margin' }
  const spec: SampleSpec = {
    interactions,
    sampler: { positives: 'interaction', negatives: 3, margin },
    batch: 3,
    seed: 5,
  }

  it('keeps users and positives, and never takes an item that the user has', () => {
    for (const positives of ['interaction', 'user'] as const) {
      for (let step = 0; step < 30; step++) {
        const sampler = { positives, negatives: 3 }
        const [byMargin, uniform] = [{ ...sampler, margin }, sampler].map((of) =>
          sampleStep({ ...spec, sampler: of }, step),
        )
        expect(byMargin!.users).toEqual(uniform!.users)
        expect(byMargin!.positives).toEqual(uniform!.positives)
        for (const [t, negative] of byMargin!.negatives.entries()) {
          const user = byMargin!.users[Math.floor(t / 3)]!
          const row = interactions.columns.slice(interactions.rowPointer[user], interactions.rowPointer[user + 1])
          expect(row).not.toContain(negative)
        }
      }
    }
  })

  it('counts epochs in steps', () => {
    expect(stepsPerEpoch(spec)).toBe(3)
    /** How close the counts of negatives come to that of item 2, which is 5, in an epoch. */
    const closest = (epoch: number): number => {
      let least = Infinity
      for (let step = 3 * epoch; step < 3 * epoch + 3; step++) {
        const { positives, negatives } = sampleStep({ ...spec, sampler: { ...spec.sampler, negatives: 20 } }, step)
        for (const [t, negative] of negatives.entries()) {
          if (positives[Math.floor(t / 20)] === 2) least = Math.min(least, Math.abs(popularity[negative]! - 5))
        }
      }
      return least
    }
    // Its user lacks counts 0, 1, 2, 3, 4, 7 and 12. The margins are 8 (beyond it there is none: any may come), 4, 2 and 1.
    expect([0, 1, 2, 3].map(closest)).toEqual([1, 5, 3, 2])
  })

  it('draws these very triples', () => {
    const pinned = (of: SampleSpec, step: number): string => {
      const { users, positives, negatives } = sampleStep(of, step)
      return Array.from(users, (u, b) => `${u}+${positives[b]}−${negatives.slice(3 * b, 3 * b + 3).join()}`).join(' ')
    }
    expect([0, 3, 4, 30].map((step) => pinned(spec, step))).toMatchInlineSnapshot(`
      [
        "3+5−6,6,6 1+0−7,7,7 2+4−7,2,5",
        "3+5−0,6,6 2+3−6,6,6 0+1−4,4,4",
        "0+0−7,3,7 1+0−7,1,3 2+0−5,1,8",
        "1+2−6,4,4 0+1−2,7,7 2+0−5,8,8",
      ]
    `)
    const distinct: SampleSpec = {
      ...spec,
      sampler: { positives: 'user', negatives: 3, distinct: true, margin: { ...margin, downRule: 'half', pool: 2 } },
    }
    expect([0, 3, 4, 30].map((step) => pinned(distinct, step))).toMatchInlineSnapshot(`
      [
        "0+0−7,5,8 3+5−3,7,3 1+2−7,3,1",
        "3+5−0,7,3 1+0−1,5,7 0+1−4,4,4",
        "3+5−7,3,0 0+1−4,4,4 1+2−7,3,1",
        "1+2−6,4,4 2+4−7,1,5 3+5−3,3,3",
      ]
    `)
  })
})
