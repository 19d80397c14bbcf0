import { csrFromPairs, keyOfSeed, rowColumns, type Csr, type Sampler } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import { uniformDeviation } from '../../engine/test/chiSquare.ts'
import { armNegatives, sampleStep, type SampleSpec } from '../src/index.ts'

const key = keyOfSeed(31)
const ITEMS = 6
/** Of six items an arm, user 0 has 1 and 4 in the control arm, and 0, 1, 2, 3 and 5 in the treatment arm. */
const interactions = csrFromPairs([0, 0, 0, 0, 0, 0, 0, 1, 2], [1, 4, 6, 7, 8, 9, 11, 2, 8], 3, 2 * ITEMS)

function negativesOf(slot: number, user: number, positive: number, sampler: Partial<Sampler> = {}): number[] {
  return armNegatives(interactions, { negatives: 3, ...sampler }, { step: 2, slot, user, positive, key })
}

describe('armNegatives', () => {
  it('draws from the arm of the positive, and not what the user has there', () => {
    const seen = { control: new Set<number>(), treatment: new Set<number>() }
    for (let slot = 0; slot < 200; slot++) {
      for (const negative of negativesOf(slot, 0, 4)) seen.control.add(negative)
      for (const negative of negativesOf(slot, 0, 11)) seen.treatment.add(negative)
    }
    // What the user has in one arm may be a negative in the other: item 0 is in the control arm, item 4 in the treatment arm.
    expect([...seen.control].sort((a, b) => a - b)).toEqual([0, 2, 3, 5])
    expect([...seen.treatment]).toEqual([10])
  })

  it('draws from all of an arm that a user has but the positive in, and the whole table’s draw in each alike', () => {
    for (let slot = 0; slot < 50; slot++) {
      const [control, treatment] = [negativesOf(slot, 1, 2), negativesOf(slot, 2, 8)]
      expect(control).not.toContain(2)
      expect(treatment).toEqual(control.map((negative) => negative + ITEMS))
    }
  })

  it('is uniform', () => {
    const counts = new Map([0, 2, 3, 5].map((item) => [item, 0]))
    for (let slot = 0; slot < 4000; slot++) {
      for (const negative of negativesOf(slot, 0, 1)) counts.set(negative, (counts.get(negative) ?? 0) + 1)
    }
    expect(counts.size).toBe(4)
    expect(Math.abs(uniformDeviation([...counts.values()]))).toBeLessThan(4)
  })

  it('draws distinct items while the arm has enough of them', () => {
    for (let slot = 0; slot < 100; slot++) {
      expect(negativesOf(slot, 0, 1, { negatives: 4, distinct: true }).sort((a, b) => a - b)).toEqual([0, 2, 3, 5])
      expect(negativesOf(slot, 0, 6, { negatives: 4, distinct: true })).toEqual([10, 10, 10, 10])
    }
  })
})

/** The items of one arm, as interactions by themselves. */
function oneArm(arm: number): Csr {
  const [rowOf, columnOf]: [number[], number[]] = [[], []]
  for (let user = 0; user < interactions.rows; user++) {
    for (const column of rowColumns(interactions, user)) {
      if (Math.floor(column / ITEMS) !== arm) continue
      rowOf.push(user)
      columnOf.push(column - arm * ITEMS)
    }
  }
  return csrFromPairs(rowOf, columnOf, interactions.rows, ITEMS)
}

describe('sampleStep with arms', () => {
  const arms = { users: 'shared', discrepancy: { kind: 'none', weight: 0 } } as const

  it.each(['interaction', 'user'] as const)('takes positives as without arms, by %s', (positives) => {
    const spec: SampleSpec = { interactions, sampler: { positives, negatives: 2 }, batch: 4, seed: 5 }
    for (let step = 0; step < 6; step++) {
      const [plain, inArms] = [sampleStep(spec, step), sampleStep({ ...spec, arms }, step)]
      expect(inArms.users).toEqual(plain.users)
      expect(inArms.positives).toEqual(plain.positives)
      for (const [t, negative] of inArms.negatives.entries()) {
        const [user, positive] = [inArms.users[Math.floor(t / 2)]!, inArms.positives[Math.floor(t / 2)]!]
        expect(Math.floor(negative / ITEMS)).toBe(Math.floor(positive / ITEMS))
        expect(rowColumns(interactions, user)).not.toContain(negative)
      }
    }
  })

  it.each([
    ['control', 0],
    ['treatment', 1],
  ])('draws in the %s arm what a run of that arm alone draws', (_, arm) => {
    const alone = oneArm(arm)
    // The same interactions, in one table with an arm of nothing.
    const [rowOf, columnOf]: [number[], number[]] = [[], []]
    for (let user = 0; user < alone.rows; user++) {
      for (const item of rowColumns(alone, user)) {
        rowOf.push(user)
        columnOf.push(item + arm * ITEMS)
      }
    }
    const table = csrFromPairs(rowOf, columnOf, alone.rows, 2 * ITEMS)
    const sampler = { positives: 'interaction', negatives: 4, distinct: true } as const
    for (let step = 0; step < 5; step++) {
      const inArms = sampleStep({ interactions: table, arms, sampler, batch: 3, seed: 9 }, step)
      const plain = sampleStep({ interactions: alone, sampler, batch: 3, seed: 9 }, step)
      expect([...inArms.users]).toEqual([...plain.users])
      expect([...inArms.positives]).toEqual([...plain.positives].map((item) => item + arm * ITEMS))
      expect([...inArms.negatives]).toEqual([...plain.negatives].map((item) => item + arm * ITEMS))
    }
  })
})
