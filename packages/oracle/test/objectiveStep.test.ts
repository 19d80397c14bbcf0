import { csrFromPairs, interactionGraph, type Objective } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import {
  dataLossStep,
  dropoutMasks,
  l2Step,
  objectiveStep,
  propagate,
  type ObjectiveOptions,
  type Samples,
} from '../src/index.ts'
import { finiteDifference, gradientError } from './finiteDifference.ts'
import { objectiveDefinition } from './objectiveDefinition.ts'
import { normalTable } from './tinySpec.ts'

const USERS = 5
const ITEMS = 6
const d = 8
const interactions = csrFromPairs([0, 0, 1, 1, 2, 3, 3, 3], [0, 1, 1, 2, 0, 1, 3, 4], USERS, ITEMS)
const graph = interactionGraph(interactions)
/** With two rows after the items for MACR's towers; other objectives leave them alone. */
const table = Float64Array.from(normalTable((USERS + ITEMS + 2) * d, 0.6))

/** Slots 0 and 2 share user and positive; item 5 is negative three times, twice in one slot; item 1 is both. */
const repeated: Samples = {
  users: Uint32Array.of(0, 3, 0, 1),
  positives: Uint32Array.of(1, 4, 1, 2),
  negatives: Uint32Array.of(2, 5, 5, 5, 3, 4, 0, 1),
}
const single: Samples = { users: Uint32Array.of(3), positives: Uint32Array.of(0), negatives: Uint32Array.of(2) }

/** LightGCN with everything: its matrix is not symmetric, nodes see themselves, and numbers are dropped. */
const everything = (() => {
  const options = { selfLoops: true, degreeExponent: 0.3 }
  const skewed = interactionGraph(interactions, options)
  const dropped = { dropout: 0.3, seed: 6, nodes: skewed.nodes, layers: 3, dimension: d }
  return { graph: skewed, layers: 3, masks: dropoutMasks(17, dropped) }
})()

const PROPAGATIONS: readonly (readonly [string, Pick<ObjectiveOptions, 'propagation'>])[] = [
  ['mf', {}],
  ['lgn', { propagation: { graph, layers: 2 } }],
  ['lgn with self-loops, degree exponent and dropout', { propagation: everything }],
]

const perItem = {
  scoreFactors: Float32Array.of(0.5, 2, 1, 0.25, 1.5, 3),
  lossWeights: Float32Array.of(1, 0.5, 0, 2, 0.75, 1),
}
const pairwise = (['bpr', 'bce'] as const).flatMap((kind) =>
  (['none', 'unit'] as const).flatMap((userNorm) =>
    [
      {},
      { link: 'elu' as const },
      { scoreFactors: perItem.scoreFactors },
      { lossWeights: perItem.lossWeights },
      { link: 'elu' as const, ...perItem },
    ].map((options): Objective => ({ kind, l2: 0, userNorm, ...options })),
  ),
)
const negativeWeighted = [
  { kind: 'bce', l2: 0, negativeWeight: 4 },
  { kind: 'bce', l2: 0, userNorm: 'unit', link: 'elu', negativeWeight: 0.3, ...perItem },
] as const
const dice = (['none', 'l1', 'l2', 'dCor'] as const).map((kind): Objective => ({
  kind: 'dice',
  l2: 0,
  // Ties, and both orders, among the triples below.
  popularity: Uint32Array.of(3, 5, 5, 1, 2, 9),
  interest: 0.7,
  conformity: 1.3,
  decay: 0.6,
  discrepancy: { kind, weight: 0.8 },
}))
const OBJECTIVES: readonly Objective[] = [
  ...pairwise,
  ...negativeWeighted,
  ...dice,
  { kind: 'macr', l2: 0, itemWeight: 0.4, userWeight: 0.9 },
]

/** Kind and options by name. */
function nameOf(objective: Objective): string {
  const options = Object.entries(objective).map(([name, value]) => {
    if (name === 'discrepancy') return `discrepancy ${(value as { readonly kind: string }).kind}`
    if (typeof value === 'string') return name === 'kind' ? value : `${name} ${value}`
    return value instanceof Float32Array || name === 'negativeWeight' ? name : ''
  })
  return options.filter((option) => option !== '').join(', ')
}

const cases = PROPAGATIONS.flatMap(([backbone, propagation]) =>
  OBJECTIVES.flatMap((objective) =>
    (
      [
        [single, 0],
        [repeated, 0],
        [repeated, 0.3],
      ] as const
    ).map(([samples, l2]): readonly [string, Samples, ObjectiveOptions] => [
      `${backbone}, ${nameOf(objective)}, ${samples === single ? 'one triple' : 'repeated rows'}, l2 ${l2}`,
      samples,
      { users: USERS, dimension: d, objective: { ...objective, l2 }, epoch: 2, ...propagation },
    ]),
  ),
)

describe('objectiveStep', () => {
  it.each(cases)('is the objective as defined: %s', (_, samples, options) => {
    expect(objectiveStep(table, samples, options).objective).toBeCloseTo(
      objectiveDefinition(table, samples, options),
      13,
    )
  })

  it.each(cases)('has the gradient of the objective by every trained row: %s', (_, samples, options) => {
    const { gradient } = objectiveStep(table, samples, options)
    const expected = finiteDifference((x) => objectiveDefinition(x, samples, options), table)
    expect(gradientError(gradient, expected)).toBeLessThan(1e-6)
    // The comparison itself: it sees a wrong sign, a factor and a single row left out.
    expect(
      gradientError(
        gradient.map((value) => -value),
        expected,
      ),
    ).toBeGreaterThan(1)
    expect(
      gradientError(
        gradient.map((value) => 1.001 * value),
        expected,
      ),
    ).toBeGreaterThan(1e-4)
    const user = samples.users[0]!
    expect(gradientError(gradient.slice().fill(0, user * d, (user + 1) * d), expected)).toBeGreaterThan(0.9)
  })

  it('adds the data loss of the final rows and the penalty of the trained ones, and says which rows were scored', () => {
    const objective = { kind: 'bpr', l2: 0.3 } as const
    const options = { users: USERS, dimension: d, objective, propagation: { graph, layers: 2 } }
    const nodes = (USERS + ITEMS) * d
    const final = table.slice()
    final.set(propagate(table.subarray(0, nodes), graph, 2, d))
    const data = dataLossStep(final, repeated, options)
    const { penalty } = l2Step(table, repeated, { users: USERS, dimension: d, l2: 0.3 })
    const step = objectiveStep(table, repeated, options)
    expect(step.lossSum).toBe(data.lossSum)
    expect(step.triples).toBe(8)
    expect(step.objective).toBeCloseTo(data.lossSum / 8 + penalty, 14)
    expect(step.final).toEqual(final)
  })
})

describe('dataLossStep', () => {
  it('leaves rows alone that the step does not name', () => {
    const { gradient } = dataLossStep(table, single, { users: USERS, dimension: d, objective: { kind: 'bpr', l2: 0 } })
    const named = new Set([3, USERS + 0, USERS + 2])
    for (let row = 0; row < USERS + ITEMS + 2; row++) {
      const norm = Math.hypot(...gradient.subarray(row * d, (row + 1) * d))
      if (named.has(row)) expect(norm).toBeGreaterThan(0)
      else expect(norm).toBe(0)
    }
  })

  it.each(['bpr', 'bce'] as const)('scores zero and moves nothing for a user of zeros with unit norm: %s', (kind) => {
    const zeroUser = table.slice().fill(0, 3 * d, 4 * d)
    const options = { users: USERS, dimension: d, objective: { kind, l2: 0, userNorm: 'unit' } } as const
    const { gradient, lossSum } = dataLossStep(zeroUser, single, options)
    expect(lossSum).toBeCloseTo(kind === 'bpr' ? Math.LN2 : 2 * Math.LN2, 14)
    expect(gradient.every((value) => value === 0)).toBe(true)
  })

  it('does not see the length of a user with unit norm', () => {
    const longer = table.map((value, at) => (at < USERS * d ? 7 * value : value))
    const options = { users: USERS, dimension: d, objective: { kind: 'bpr', l2: 0, userNorm: 'unit' } } as const
    const [a, b] = [dataLossStep(table, repeated, options), dataLossStep(longer, repeated, options)]
    expect(b.lossSum).toBeCloseTo(a.lossSum, 13)
    for (const [at, value] of b.gradient.entries()) {
      expect(at < USERS * d ? 7 * value : value).toBeCloseTo(a.gradient[at]!, 13)
    }
  })
})

describe('l2Step', () => {
  it('counts a row once for every triple it is in', () => {
    const ones = new Float64Array((USERS + ITEMS) * d).fill(1)
    const { penalty, gradient } = l2Step(ones, repeated, { users: USERS, dimension: d, l2: 0.5 })
    // Three rows of squared norm 8 in every triple.
    expect(penalty).toBeCloseTo(0.5 * 0.5 * 3 * 8, 14)
    const timesNamed = (row: number): number => (gradient[row * d]! * 8) / 0.5
    expect(timesNamed(0)).toBeCloseTo(4, 12) // user 0: two slots of two triples
    expect(timesNamed(USERS + 1)).toBeCloseTo(5, 12) // item 1: positive of two slots, once negative
    expect(timesNamed(USERS + 5)).toBeCloseTo(3, 12)
    expect(timesNamed(4)).toBe(0)
  })
})
