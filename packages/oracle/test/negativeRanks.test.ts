import { boundedInteger, keyOfSeed, rowColumns, Stream } from '@gradrec/engine'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uniformDeviation } from '../../engine/test/chiSquare.ts'
import { negativeRanks, sampleStep } from '../src/index.ts'
import { twoTastes } from './tinySpec.ts'

const key = keyOfSeed(23)

/** The ranks of one slot; `slot` chooses the draws. */
function ranksOf(slot: number, left: number, negatives: number, distinct: boolean): number[] {
  return negativeRanks(left, { negatives, distinct }, (bound, k) =>
    boundedInteger(bound, 1, slot, k, Stream.negative, key),
  )
}

describe('negativeRanks', () => {
  it('gives distinct ranks below the number of items left, while there are enough', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 64 }), (slot, left, K) => {
        const ranks = ranksOf(slot, left, K, true)
        expect(ranks.length).toBe(K)
        for (const rank of ranks) expect(rank).toBeLessThan(left)
        if (K <= left) expect(new Set(ranks).size).toBe(K)
        else expect(ranks).toEqual(ranksOf(slot, left, K, false))
      }),
    )
  })

  it('draws as independent draws do where there is one negative', () => {
    for (let slot = 0; slot < 200; slot++) expect(ranksOf(slot, 9, 1, true)).toEqual(ranksOf(slot, 9, 1, false))
  })

  it('gives a rank that is taken away for the newest', () => {
    // Bounds are 3, 4 and 5: the second draw repeats the first, the third the second's substitute.
    const draws = [1, 1, 3]
    const bounds: number[] = []
    const ranks = negativeRanks(5, { negatives: 3, distinct: true }, (bound, k) => {
      bounds.push(bound)
      return draws[k]!
    })
    expect(bounds).toEqual([3, 4, 5])
    expect(ranks).toEqual([1, 3, 4])
  })

  it.each([
    [5, 2],
    [6, 3],
    [7, 5],
  ])('draws every set of ranks below %i of size %i equally often', (left, K) => {
    const counts = new Map<string, number>()
    for (let slot = 0; slot < 20_000; slot++) {
      const set = ranksOf(slot, left, K, true)
        .sort((a, b) => a - b)
        .join()
      counts.set(set, (counts.get(set) ?? 0) + 1)
    }
    let sets = 1
    for (let n = 0; n < K; n++) sets = (sets * (left - n)) / (n + 1)
    expect(counts.size).toBe(sets)
    expect(Math.abs(uniformDeviation([...counts.values()]))).toBeLessThan(4)
  })
})

describe('sampleStep with distinct negatives', () => {
  it('never repeats a negative of a positive, never takes one the user has, and keeps users and positives', () => {
    const interactions = twoTastes()
    for (const positives of ['interaction', 'user'] as const) {
      const sampler = { positives, negatives: 9, distinct: true }
      const spec = { interactions, sampler, batch: 20, seed: 7 }
      for (let step = 0; step < 30; step++) {
        const drawn = sampleStep(spec, step)
        for (const [b, user] of drawn.users.entries()) {
          const negatives = drawn.negatives.subarray(9 * b, 9 * b + 9)
          expect(new Set(negatives).size).toBe(9)
          for (const owned of rowColumns(interactions, user)) expect(negatives).not.toContain(owned)
        }
        const independent = sampleStep({ ...spec, sampler: { positives, negatives: 9 } }, step)
        expect(drawn.users).toEqual(independent.users)
        expect(drawn.positives).toEqual(independent.positives)
        expect(drawn.negatives).not.toEqual(independent.negatives)
      }
    }
  })

  it('takes all items left where they are as many as negatives', () => {
    const interactions = twoTastes(24, 18)
    const left = 18 - rowColumns(interactions, 0).length
    const sampler = { positives: 'interaction', negatives: left, distinct: true } as const
    const { users, negatives } = sampleStep({ interactions, sampler, batch: 30, seed: 1 }, 2)
    const b = users.findIndex((user) => rowColumns(interactions, user).length === 18 - left)
    expect(b).toBeGreaterThanOrEqual(0)
    const all = new Set([...negatives.subarray(b * left, (b + 1) * left), ...rowColumns(interactions, users[b]!)])
    expect(all.size).toBe(18)
  })
})
