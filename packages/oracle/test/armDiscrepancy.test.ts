import { csrFromPairs, interactionGraph, type ArmDiscrepancy, type Arms } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import {
  armDiscrepancyTerm,
  dataLossStep,
  dropoutMasks,
  objectiveStep,
  type ObjectiveOptions,
  type Samples,
} from '../src/index.ts'
import { finiteDifference, gradientError } from './finiteDifference.ts'
import { objectiveDefinition } from './objectiveDefinition.ts'
import { normalTable } from './tinySpec.ts'

describe('armDiscrepancyTerm', () => {
  // Differences of control and treatment: 1, −3, 0 and 2.
  const control = Float64Array.of(4, 1, 5, 6)
  const treatment = Float64Array.of(3, 4, 5, 4)
  const of = (change: Partial<ArmDiscrepancy>): ReturnType<typeof armDiscrepancyTerm> =>
    armDiscrepancyTerm(control, treatment, { kind: 'l2', weight: 0.5, ...change })
  // No −0, which is as good as 0.
  const plain = (values: Float64Array): number[] => Array.from(values, (value) => value + 0)

  it('is the mean squared difference, and descent brings counterparts together', () => {
    const { term, byControl, byTreatment } = of({})
    expect(term).toBeCloseTo((0.5 * (1 + 9 + 0 + 4)) / 4, 14)
    expect(plain(byControl)).toEqual([1, -3, 0, 2].map((difference) => (0.5 * 2 * difference) / 4))
    expect(plain(byTreatment)).toEqual([-1, 3, 0, -2].map((difference) => (0.5 * 2 * difference) / 4))
  })

  it('is the mean absolute difference', () => {
    const { term, byControl, byTreatment } = of({ kind: 'l1' })
    expect(term).toBeCloseTo((0.5 * (1 + 3 + 0 + 2)) / 4, 14)
    expect(plain(byControl)).toEqual([1, -1, 0, 1].map((sign) => (0.5 * sign) / 4))
    expect(plain(byTreatment)).toEqual([-1, 1, 0, -1].map((sign) => (0.5 * sign) / 4))
  })

  it('holds the treatment arm where the gradient stops at it', () => {
    const [held, free] = [of({ stopGradient: 'treatment' }), of({ stopGradient: 'none' })]
    expect(held.term).toBe(free.term)
    expect(held.byControl).toEqual(free.byControl)
    expect(plain(held.byTreatment)).toEqual([0, 0, 0, 0])
  })

  it('is nothing where there is none', () => {
    const { term, byControl, byTreatment } = of({ kind: 'none' })
    for (const value of [term, ...byControl, ...byTreatment]) expect(value).toBe(0)
  })
})

const ITEMS = 3
const USERS = 4
const d = 4
// Columns 0 … 2 are the items of the control arm, 3 … 5 the same of the treatment arm.
const shared = csrFromPairs([0, 0, 1, 1, 2, 3], [0, 4, 1, 5, 3, 2], USERS, 2 * ITEMS)
const apart = csrFromPairs([0, 0, 1, 2, 3, 3], [0, 1, 2, 3, 4, 5], USERS, 2 * ITEMS)
const table = Float64Array.from(normalTable((USERS + 2 * ITEMS) * d, 0.6))

/** Item 1 in both arms, positive and negative; item 2 in the treatment arm alone. Users 0 and 2 are counterparts where apart. */
const samples: Samples = {
  users: Uint32Array.of(0, 2, 0),
  positives: Uint32Array.of(0, 4, 1),
  negatives: Uint32Array.of(1, 1, 5, 5, 0, 0),
}

function optionsOf(arms: Arms, propagation?: ObjectiveOptions['propagation']): ObjectiveOptions {
  const objective = { kind: 'bce', l2: 0.1, negativeWeight: 2 } as const
  const options = { users: USERS, dimension: d, objective, arms }
  return propagation === undefined ? options : { ...options, propagation }
}

function propagationsOf(arms: Arms): readonly (readonly [string, ObjectiveOptions['propagation']])[] {
  const interactions = arms.users === 'apart' ? apart : shared
  const skewed = interactionGraph(interactions, { selfLoops: true, degreeExponent: 0.3 })
  const dropped = { dropout: 0.3, seed: 6, nodes: skewed.nodes, layers: 2, dimension: d }
  return [
    ['mf', undefined],
    ['lgn', { graph: interactionGraph(interactions), layers: 2 }],
    ['lgn with options', { graph: skewed, layers: 2, masks: dropoutMasks(17, dropped) }],
  ]
}

const cases = (['shared', 'apart'] as const).flatMap((users) =>
  (['none', 'l1', 'l2'] as const).flatMap((kind) =>
    (['none', 'treatment'] as const).flatMap((stopGradient) => {
      const arms: Arms = { users, discrepancy: { kind, weight: 0.9, stopGradient } }
      return propagationsOf(arms).map(([backbone, propagation]): readonly [string, ObjectiveOptions] => [
        `${backbone}, users ${users}, ${kind}, stop gradient ${stopGradient}`,
        optionsOf(arms, propagation),
      ])
    }),
  ),
)

describe('objectiveStep with arms', () => {
  it.each(cases)('is the objective as defined: %s', (_, options) => {
    expect(objectiveStep(table, samples, options).objective).toBeCloseTo(
      objectiveDefinition(table, samples, options),
      13,
    )
  })

  // Where the gradient stops at the treatment arm, the definition takes its rows of the table that is held.
  it.each(cases)('has the gradient of the objective by every trained row: %s', (_, options) => {
    const { gradient } = objectiveStep(table, samples, options)
    const expected = finiteDifference((x) => objectiveDefinition(x, samples, options, table), table)
    expect(gradientError(gradient, expected)).toBeLessThan(1e-6)
  })
})

describe('the discrepancy of a step with arms', () => {
  // Width 1; differences of items 10, 30 and 50, of users 100 and 200.
  const final = Float64Array.of(0, 0, 100, 200, 0, 0, 0, 10, 30, 50)
  const stepOf = (of: Samples, arms: Arms): ReturnType<typeof dataLossStep> =>
    dataLossStep(final, of, { users: USERS, dimension: 1, objective: { kind: 'bpr', l2: 0 }, arms })
  const l1 = { kind: 'l1', weight: 1 } as const
  const l2 = { kind: 'l2', weight: 1 } as const
  const one: Samples = { users: Uint32Array.of(2), positives: Uint32Array.of(4), negatives: Uint32Array.of(3, 4) }

  it('is of the distinct items of either arm', () => {
    expect(stepOf(samples, { users: 'shared', discrepancy: l1 }).discrepancy).toBeCloseTo((10 + 30 + 50) / 3, 12)
    expect(stepOf(one, { users: 'shared', discrepancy: l1 }).discrepancy).toBeCloseTo((10 + 30) / 2, 12)
    expect(stepOf(one, { users: 'shared', discrepancy: l2 }).discrepancy).toBeCloseTo((100 + 900) / 2, 12)
  })

  it('adds that of the distinct users, with users apart', () => {
    expect(stepOf(samples, { users: 'apart', discrepancy: l1 }).discrepancy).toBeCloseTo(30 + 100, 12)
    const both: Samples = { ...samples, users: Uint32Array.of(0, 2, 3) }
    expect(stepOf(both, { users: 'apart', discrepancy: l1 }).discrepancy).toBeCloseTo(30 + 150, 12)
  })

  it('reaches counterparts that the step does not name, and no other rows', () => {
    const without = stepOf(one, { users: 'apart', discrepancy: { kind: 'none', weight: 1 } })
    const { gradient, lossSum } = stepOf(one, { users: 'apart', discrepancy: l1 })
    expect(lossSum).toBe(without.lossSum)
    const added = Array.from(gradient, (value, at) => value - without.gradient[at]!)
    // Users 0 and 2; items 0 and 1 of both arms, of which the step names those of the treatment arm.
    for (const [at, expected] of [-1, 0, 1, 0, -0.5, -0.5, 0, 0.5, 0.5, 0].entries()) {
      expect(added[at]).toBeCloseTo(expected, 12)
    }
    const held = stepOf(one, { users: 'apart', discrepancy: { ...l1, stopGradient: 'treatment' } })
    const control = Array.from(held.gradient, (value, at) => value - without.gradient[at]!)
    for (const [at, expected] of [-1, 0, 0, 0, -0.5, -0.5, 0, 0, 0, 0].entries()) {
      expect(control[at]).toBeCloseTo(expected, 12)
    }
  })

  it('does not depend on how often a row comes, nor in which arm', () => {
    const arms: Arms = { users: 'shared', discrepancy: l2 }
    const swapped: Samples = { ...one, positives: Uint32Array.of(1), negatives: Uint32Array.of(0, 1, 3, 4, 1) }
    expect(stepOf(swapped, arms).discrepancy).toBe(stepOf(one, arms).discrepancy)
  })
})
