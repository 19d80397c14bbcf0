import { csrFromPairs, positivesInStep, rowColumns, stepsPerEpoch, type Csr } from '@gradrec/engine'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uniformDeviation } from '../../engine/test/chiSquare.ts'
import { complementItem, sampleStep, type SampleSpec } from '../src/index.ts'
import { twoTastes } from './tinySpec.ts'

/** Users 1 and 3 have nothing; user 0 lacks a single item. */
const uneven = csrFromPairs([0, 0, 0, 0, 0, 2, 4, 4], [0, 1, 2, 4, 5, 3, 0, 5], 5, 6)

function byInteraction(change: Partial<SampleSpec> = {}): SampleSpec {
  return {
    interactions: twoTastes(),
    sampler: { positives: 'interaction', negatives: 3 },
    batch: 20,
    seed: 7,
    ...change,
  }
}

function byUser(change: Partial<SampleSpec> = {}): SampleSpec {
  return byInteraction({ sampler: { positives: 'user', negatives: 3 }, ...change })
}

function complement(matrix: Csr, user: number): number[] {
  const owned = rowColumns(matrix, user)
  return Array.from({ length: matrix.columnCount }, (_, item) => item).filter((item) => !owned.includes(item))
}

describe('complementItem', () => {
  it('numbers the items that are not positives, in order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(29), { maxLength: 29 }), (list) => {
        const positives = list.sort((a, b) => a - b)
        const left = Array.from({ length: 30 }, (_, item) => item).filter((item) => !positives.includes(item))
        expect(left.map((_, r) => complementItem(positives, r))).toEqual(left)
      }),
    )
  })
})

describe.each([
  ['interaction', byInteraction],
  ['user', byUser],
] as const)('sampleStep, positives by %s', (_, spec) => {
  it('pairs users with their own items, and never with one as a negative', () => {
    for (const interactions of [twoTastes(), uneven]) {
      const used = spec({ interactions, batch: Math.min(20, interactions.columns.length) })
      for (let step = 0; step < 50; step++) {
        const { users, positives, negatives } = sampleStep(used, step)
        expect(users.length).toBe(positivesInStep(used, step))
        expect(positives.length).toBe(users.length)
        expect(negatives.length).toBe(users.length * 3)
        for (const [b, user] of users.entries()) {
          const owned = rowColumns(interactions, user)
          expect(owned).toContain(positives[b])
          for (const negative of negatives.subarray(3 * b, 3 * b + 3)) {
            expect(negative).toBeLessThan(interactions.columnCount)
            expect(owned).not.toContain(negative)
          }
        }
      }
    }
  })

  it('draws negatives uniformly from what a user has not chosen', () => {
    const used = spec()
    const counts = new Map<number, number>(complement(used.interactions, 4).map((item) => [item, 0]))
    for (let step = 0; step < 3000; step++) {
      const { users, negatives } = sampleStep(used, step)
      for (const [t, negative] of negatives.entries()) {
        if (users[Math.floor(t / 3)] === 4) counts.set(negative, counts.get(negative)! + 1)
      }
    }
    expect(Math.abs(uniformDeviation([...counts.values()]))).toBeLessThan(4)
  })

  it('depends on step and seed and on nothing else', () => {
    expect(sampleStep(spec(), 3)).toEqual(sampleStep(spec(), 3))
    expect(sampleStep(spec(), 3)).not.toEqual(sampleStep(spec(), 4))
    expect(sampleStep(spec(), 3)).not.toEqual(sampleStep(spec({ seed: 8 }), 3))
    expect(sampleStep(spec(), 3)).not.toEqual(sampleStep(spec({ seed: 7 + 2 ** 32 }), 3))
  })

  it('keeps positives and the first negatives when more negatives are asked for', () => {
    const few = sampleStep(spec(), 5)
    const more = sampleStep(spec({ sampler: { ...spec().sampler, negatives: 5 } }), 5)
    expect(more.users).toEqual(few.users)
    expect(more.positives).toEqual(few.positives)
    for (let b = 0; b < few.users.length; b++) {
      expect(more.negatives.subarray(5 * b, 5 * b + 3)).toEqual(few.negatives.subarray(3 * b, 3 * b + 3))
    }
  })
})

describe('sampleStep, positives by interaction', () => {
  it('sees every interaction exactly once an epoch, in another order each time', () => {
    for (const interactions of [twoTastes(), uneven]) {
      const spec = byInteraction({ interactions, batch: 7 })
      const steps = stepsPerEpoch(spec)
      const all = Array.from({ length: interactions.rows }, (_, u) =>
        Array.from(rowColumns(interactions, u), (item) => `${u} ${item}`),
      ).flat()
      const epochs = [0, 1, 2].map((epoch) =>
        Array.from({ length: steps }, (_, s) => sampleStep(spec, epoch * steps + s)).flatMap(({ users, positives }) =>
          Array.from(users, (user, b) => `${user} ${positives[b]}`),
        ),
      )
      for (const seen of epochs) expect(seen.toSorted()).toEqual(all.toSorted())
      expect(epochs[0]).not.toEqual(epochs[1])
      expect(epochs[1]).not.toEqual(epochs[2])
    }
  })
})

describe('sampleStep, positives by user', () => {
  it('names a user once a step while there are users enough, and only those with interactions', () => {
    const spec = byUser({ interactions: uneven, batch: 3 })
    for (let step = 0; step < 100; step++) {
      expect([...sampleStep(spec, step).users].sort((a, b) => a - b)).toEqual([0, 2, 4])
    }
  })

  it.each([
    ['without replacement', 20],
    ['with replacement', 40],
  ])('draws users %s uniformly, and each one’s positives uniformly', (_, batch) => {
    const spec = byUser({ batch })
    const users = new Float64Array(spec.interactions.rows - 1)
    const positives = new Map<number, number>()
    for (let step = 0; step < 2000; step++) {
      const drawn = sampleStep(spec, step)
      for (const [b, user] of drawn.users.entries()) {
        users[user]!++
        if (user === 4) positives.set(drawn.positives[b]!, (positives.get(drawn.positives[b]!) ?? 0) + 1)
      }
    }
    // Without replacement counts spread less than independent draws would, so only the upper side is a failure.
    expect(uniformDeviation(users)).toBeLessThan(4)
    expect(positives.size).toBe(rowColumns(spec.interactions, 4).length)
    expect(Math.abs(uniformDeviation([...positives.values()]))).toBeLessThan(4)
  })
})

describe('sampleStep, pinned', () => {
  it('draws these very triples by interaction', () => {
    const spec = byInteraction({ interactions: uneven, batch: 5, sampler: { positives: 'interaction', negatives: 2 } })
    expect([0, 1, 2].map((step) => pinned(spec, step))).toMatchInlineSnapshot(`
      [
        "4+0−3,2 0+0−3,3 2+3−1,2 0+4−3,3 0+5−3,3",
        "0+2−3,3 4+5−1,1 0+1−3,3",
        "0+1−3,3 0+2−3,3 4+5−4,1 0+0−3,3 2+3−2,1",
      ]
    `)
  })

  it('draws these very triples by user', () => {
    const spec = byUser({ interactions: uneven, batch: 5, sampler: { positives: 'user', negatives: 2 } })
    expect([0, 1].map((step) => pinned(spec, step))).toMatchInlineSnapshot(`
      [
        "4+0−3,2 0+4−3,3 0+1−3,3 0+2−3,3 4+5−2,3",
        "4+0−2,1 4+5−1,1 0+2−3,3 2+3−1,1 0+5−3,3",
      ]
    `)
    expect([0, 1].map((step) => pinned({ ...spec, batch: 2 }, step))).toMatchInlineSnapshot(`
      [
        "2+3−4,1 0+4−3,3",
        "2+3−1,0 0+2−3,3",
      ]
    `)
  })
})

/** Slots as `user+positive−negatives`. */
function pinned(spec: SampleSpec, step: number): string {
  const { users, positives, negatives } = sampleStep(spec, step)
  const K = spec.sampler.negatives
  return Array.from(users, (u, b) => `${u}+${positives[b]}−${negatives.slice(b * K, (b + 1) * K).join()}`).join(' ')
}
