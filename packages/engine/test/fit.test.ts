import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csrFromPairs, positivesInStep, stepsPerEpoch, tableRows, type Csr } from '../src/index.ts'

function diagonal(pairs: number): Csr {
  const numbers = Array.from({ length: pairs }, (_, n) => n)
  return csrFromPairs(numbers, numbers, pairs, pairs)
}

describe('stepsPerEpoch', () => {
  it('counts the last, short batch', () => {
    expect(stepsPerEpoch({ interactions: diagonal(10), batch: 5 })).toBe(2)
    expect(stepsPerEpoch({ interactions: diagonal(10), batch: 4 })).toBe(3)
    expect(stepsPerEpoch({ interactions: diagonal(10), batch: 10 })).toBe(1)
  })
})

describe('positivesInStep', () => {
  it('adds up to all interactions in every epoch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(20),
        (pairs, size, epoch) => {
          const spec = {
            interactions: diagonal(pairs),
            batch: Math.min(size, pairs),
            sampler: { positives: 'interaction' as const },
          }
          const steps = stepsPerEpoch(spec)
          let total = 0
          for (let s = 0; s < steps; s++) {
            const count = positivesInStep(spec, epoch * steps + s)
            expect(count).toBeGreaterThan(0)
            if (s < steps - 1) expect(count).toBe(spec.batch)
            total += count
          }
          expect(total).toBe(pairs)
        },
      ),
    )
  })

  it('is always the whole batch when positives are drawn by user', () => {
    const spec = { interactions: diagonal(10), batch: 4, sampler: { positives: 'user' as const } }
    for (let step = 0; step < 9; step++) expect(positivesInStep(spec, step)).toBe(4)
  })
})

describe('tableRows', () => {
  it('counts users, items and MACR’s two towers', () => {
    const interactions = csrFromPairs([0, 1], [2, 0], 4, 3)
    expect(tableRows({ interactions, objective: { kind: 'bpr', l2: 0 } })).toBe(7)
    expect(tableRows({ interactions, objective: { kind: 'macr', l2: 0, itemWeight: 1, userWeight: 1 } })).toBe(9)
  })
})
