import { describe, expect, it } from 'vitest'
import { checkFitSpec, csrFromPairs, FIT_LIMITS, SpecError, type FitSpec, type Optimizer } from '../src/index.ts'

const adam: Extract<Optimizer, { readonly kind: 'adam' }> = {
  kind: 'adam',
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
}

/** Two users, three items, three interactions. */
const good: FitSpec = {
  dimension: 4,
  interactions: csrFromPairs([0, 0, 1], [0, 2, 1], 2, 3),
  backbone: { kind: 'mf' },
  objective: { kind: 'bpr', l2: 0 },
  sampler: { positives: 'interaction', negatives: 1 },
  optimizer: adam,
  batch: 2,
  seed: 1,
  initialTable: new Float32Array(20),
}

function complaint(change: Partial<FitSpec>): string {
  try {
    checkFitSpec({ ...good, ...change })
  } catch (error) {
    expect(error).toBeInstanceOf(SpecError)
    return (error as SpecError).message
  }
  return 'none'
}

describe('checkFitSpec', () => {
  it('lets a good spec pass, up to the limits', () => {
    expect(complaint({})).toBe('none')
    expect(complaint({ backbone: { kind: 'lgn', layers: 16 }, seed: Number.MAX_SAFE_INTEGER, batch: 3 })).toBe('none')
    expect(complaint({ sampler: { positives: 'user', negatives: FIT_LIMITS.negatives } })).toBe('none')
    expect(complaint({ optimizer: { kind: 'sgd', learningRate: 1, weightDecay: 0 } })).toBe('none')
    expect(complaint({ optimizer: { ...adam, beta1: 0, beta2: 0, amsgrad: true, weightDecay: 1 } })).toBe('none')
    const widest = FIT_LIMITS.dimension
    expect(complaint({ dimension: widest, initialTable: new Float32Array(5 * widest) })).toBe('none')
  })

  it('checks the dimension', () => {
    expect(complaint({ dimension: 0 })).toMatchInlineSnapshot(`"dimension is 0; expected a whole number from 4 to 512"`)
    expect(complaint({ dimension: 516 })).toMatchInlineSnapshot(
      `"dimension is 516; expected a whole number from 4 to 512"`,
    )
    expect(complaint({ dimension: 4.5 })).toMatchInlineSnapshot(
      `"dimension is 4.5; expected a whole number from 4 to 512"`,
    )
    expect(complaint({ dimension: 6 })).toMatchInlineSnapshot(`"dimension is 6; expected a multiple of 4"`)
  })

  it('checks the interactions', () => {
    expect(complaint({ interactions: csrFromPairs([], [], 2, 3) })).toMatchInlineSnapshot(
      `"there are no training interactions; expected at least one"`,
    )
    expect(complaint({ interactions: csrFromPairs([0, 1, 1, 1], [0, 0, 1, 2], 2, 3) })).toMatchInlineSnapshot(
      `"user number 1 has interacted with all 3 items, which leaves no negative to sample; remove such users, or add the items that nobody chose"`,
    )
  })

  it('checks the batch', () => {
    expect(complaint({ batch: 0 })).toMatchInlineSnapshot(`"batch is 0; expected a whole number from 1 to 65536"`)
    expect(complaint({ batch: 65_537 })).toMatchInlineSnapshot(
      `"batch is 65537; expected a whole number from 1 to 65536"`,
    )
    expect(complaint({ batch: 4 })).toMatchInlineSnapshot(
      `"batch is 4, more than the 3 training interactions there are"`,
    )
  })

  it('checks the number of negatives', () => {
    expect(complaint({ sampler: { positives: 'user', negatives: 0 } })).toMatchInlineSnapshot(
      `"negatives is 0; expected a whole number from 1 to 64"`,
    )
    expect(complaint({ sampler: { positives: 'user', negatives: 65 } })).toMatchInlineSnapshot(
      `"negatives is 65; expected a whole number from 1 to 64"`,
    )
  })

  it('checks the seed', () => {
    expect(complaint({ seed: -1 })).toMatchInlineSnapshot(
      `"seed is -1; expected a whole number from 0 to 9007199254740991"`,
    )
    expect(complaint({ seed: 2 ** 53 })).toMatchInlineSnapshot(
      `"seed is 9007199254740992; expected a whole number from 0 to 9007199254740991"`,
    )
    expect(complaint({ seed: Number.NaN })).toMatchInlineSnapshot(
      `"seed is NaN; expected a whole number from 0 to 9007199254740991"`,
    )
  })

  it('checks the layers', () => {
    expect(complaint({ backbone: { kind: 'lgn', layers: 0 } })).toMatchInlineSnapshot(
      `"layers is 0; expected a whole number from 1 to 16"`,
    )
    expect(complaint({ backbone: { kind: 'lgn', layers: 17 } })).toMatchInlineSnapshot(
      `"layers is 17; expected a whole number from 1 to 16"`,
    )
  })

  it('checks how LightGCN’s graph is normalised and what it drops', () => {
    const lgn = { kind: 'lgn', layers: 2 } as const
    expect(complaint({ backbone: { ...lgn, selfLoops: true, degreeExponent: 0, dropout: 0 } })).toBe('none')
    expect(complaint({ backbone: { ...lgn, degreeExponent: 1, dropout: 0.99 } })).toBe('none')
    expect(complaint({ backbone: { ...lgn, degreeExponent: 2 } })).toMatchInlineSnapshot(
      `"degreeExponent is 2; expected a number from 0 to 1"`,
    )
    expect(complaint({ backbone: { ...lgn, degreeExponent: Number.NaN } })).toMatchInlineSnapshot(
      `"degreeExponent is NaN; expected a number from 0 to 1"`,
    )
    expect(complaint({ backbone: { ...lgn, dropout: 1 } })).toMatchInlineSnapshot(
      `"dropout is 1; expected a number from 0 up to, not including, 1"`,
    )
    expect(complaint({ backbone: { ...lgn, dropout: -0.1 } })).toMatchInlineSnapshot(
      `"dropout is -0.1; expected a number from 0 up to, not including, 1"`,
    )
    // Rounds to all 2^16 steps that draws are compared in.
    expect(complaint({ backbone: { ...lgn, dropout: 1 - 1e-9 } })).toMatchInlineSnapshot(
      `"dropout is 0.999999999; expected a number from 0 up to, not including, 1"`,
    )
  })

  it('checks the penalty', () => {
    expect(complaint({ objective: { kind: 'bpr', l2: -0.1 } })).toMatchInlineSnapshot(
      `"l2 is -0.1; expected a number, 0 or more"`,
    )
    expect(complaint({ objective: { kind: 'bpr', l2: Number.POSITIVE_INFINITY } })).toMatchInlineSnapshot(
      `"l2 is Infinity; expected a number, 0 or more"`,
    )
  })

  it('checks the optimizer', () => {
    const sgd = { kind: 'sgd', learningRate: 0.1, weightDecay: 0 } as const
    expect(complaint({ optimizer: { ...sgd, learningRate: 0 } })).toMatchInlineSnapshot(
      `"learningRate is 0; expected a number above 0"`,
    )
    expect(complaint({ optimizer: { ...sgd, weightDecay: -1 } })).toMatchInlineSnapshot(
      `"weightDecay is -1; expected a number, 0 or more"`,
    )
    expect(complaint({ optimizer: { ...adam, learningRate: Number.NaN } })).toMatchInlineSnapshot(
      `"learningRate is NaN; expected a number above 0"`,
    )
    expect(complaint({ optimizer: { ...adam, weightDecay: Number.NaN } })).toMatchInlineSnapshot(
      `"weightDecay is NaN; expected a number, 0 or more"`,
    )
    expect(complaint({ optimizer: { ...adam, beta1: 1 } })).toMatchInlineSnapshot(
      `"beta1 is 1; expected a number from 0 up to, not including, 1"`,
    )
    expect(complaint({ optimizer: { ...adam, beta2: -0.5 } })).toMatchInlineSnapshot(
      `"beta2 is -0.5; expected a number from 0 up to, not including, 1"`,
    )
    expect(complaint({ optimizer: { ...adam, epsilon: 0 } })).toMatchInlineSnapshot(
      `"epsilon is 0; expected a number above 0"`,
    )
  })

  it('checks the table to start from', () => {
    expect(complaint({ initialTable: new Float32Array(19) })).toMatchInlineSnapshot(
      `"initialTable has 19 numbers; expected (users + items) × dimension = 20"`,
    )
    expect(complaint({ initialTable: new Float32Array(20).fill(Number.NaN, 7, 8) })).toMatchInlineSnapshot(
      `"initialTable[7] is NaN; expected finite numbers"`,
    )
    expect(complaint({ initialTable: new Float32Array(20).fill(-Infinity, 3) })).toMatchInlineSnapshot(
      `"initialTable[3] is -Infinity; expected finite numbers"`,
    )
  })
})
