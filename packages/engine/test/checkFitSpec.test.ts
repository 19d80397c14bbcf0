import { describe, expect, it } from 'vitest'
import { csrFromPairs, FIT_LIMITS, type PopularityMargin } from '../src/index.ts'
import { adam, complaint } from './goodSpec.ts'

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

  it('checks numbers by item', () => {
    const bpr = { kind: 'bpr', l2: 0 } as const
    const one = new Float32Array(3).fill(1)
    expect(complaint({ objective: { ...bpr, link: 'elu', scoreFactors: one, lossWeights: one } })).toBe('none')
    expect(complaint({ objective: { ...bpr, lossWeights: new Float32Array(3) } })).toBe('none')
    expect(complaint({ objective: { ...bpr, scoreFactors: new Float32Array(2).fill(1) } })).toMatchInlineSnapshot(
      `"scoreFactors has 2 numbers; expected one for each of the 3 items"`,
    )
    expect(complaint({ objective: { ...bpr, lossWeights: new Float32Array(4) } })).toMatchInlineSnapshot(
      `"lossWeights has 4 numbers; expected one for each of the 3 items"`,
    )
    expect(complaint({ objective: { ...bpr, scoreFactors: Float32Array.of(1, 0, 1) } })).toMatchInlineSnapshot(
      `"scoreFactors[1] is 0; expected a number above 0"`,
    )
    expect(complaint({ objective: { ...bpr, scoreFactors: Float32Array.of(1, 1, Infinity) } })).toMatchInlineSnapshot(
      `"scoreFactors[2] is Infinity; expected a number above 0"`,
    )
    expect(complaint({ objective: { ...bpr, lossWeights: Float32Array.of(1, 0, -1) } })).toMatchInlineSnapshot(
      `"lossWeights[2] is -1; expected a number, 0 or more"`,
    )
    expect(complaint({ objective: { ...bpr, lossWeights: Float32Array.of(NaN, 0, 1) } })).toMatchInlineSnapshot(
      `"lossWeights[0] is NaN; expected a number, 0 or more"`,
    )
  })

  it('checks DICE', () => {
    const wide = { dimension: 8, initialTable: new Float32Array(40) }
    const dice = {
      kind: 'dice',
      l2: 0,
      popularity: Uint32Array.of(1, 1, 1),
      interest: 0.1,
      conformity: 0.1,
      decay: 0.9,
      discrepancy: { kind: 'l2', weight: 0.01 },
    } as const
    expect(complaint({ ...wide, objective: dice })).toBe('none')
    expect(complaint({ ...wide, objective: { ...dice, interest: 0, conformity: 0, decay: 1 } })).toBe('none')
    expect(complaint({ objective: dice })).toMatchInlineSnapshot(`"dimension is 4 with dice; expected a multiple of 8"`)
    expect(complaint({ ...wide, objective: { ...dice, l2: -1 } })).toMatchInlineSnapshot(
      `"l2 is -1; expected a number, 0 or more"`,
    )
    expect(complaint({ ...wide, objective: { ...dice, popularity: new Uint32Array(2) } })).toMatchInlineSnapshot(
      `"popularity has 2 numbers; expected one for each of the 3 items"`,
    )
    expect(complaint({ ...wide, objective: { ...dice, interest: -1 } })).toMatchInlineSnapshot(
      `"interest is -1; expected a number, 0 or more"`,
    )
    expect(complaint({ ...wide, objective: { ...dice, conformity: NaN } })).toMatchInlineSnapshot(
      `"conformity is NaN; expected a number, 0 or more"`,
    )
    expect(complaint({ ...wide, objective: { ...dice, decay: 0 } })).toMatchInlineSnapshot(
      `"decay is 0; expected a number above 0, at most 1"`,
    )
    expect(complaint({ ...wide, objective: { ...dice, decay: 1.1 } })).toMatchInlineSnapshot(
      `"decay is 1.1; expected a number above 0, at most 1"`,
    )
    const discrepancy = { kind: 'l1', weight: -0.1 } as const
    expect(complaint({ ...wide, objective: { ...dice, discrepancy } })).toMatchInlineSnapshot(
      `"discrepancy is -0.1; expected a number, 0 or more"`,
    )
    expect(complaint({ ...wide, objective: dice, recording: 'vector' })).toMatchInlineSnapshot(
      `"recording is "vector" with dice; expected "none", or the objective bpr or bce"`,
    )
    expect(complaint({ ...wide, objective: dice, recording: 'none' })).toBe('none')
  })

  it('checks MACR, whose table has two rows more', () => {
    const macr = { kind: 'macr', l2: 0, itemWeight: 0.1, userWeight: 0.1 } as const
    const taller = { initialTable: new Float32Array(28) }
    expect(complaint({ ...taller, objective: macr })).toBe('none')
    expect(complaint({ ...taller, objective: { ...macr, itemWeight: -1 } })).toMatchInlineSnapshot(
      `"itemWeight is -1; expected a number, 0 or more"`,
    )
    expect(complaint({ ...taller, objective: { ...macr, userWeight: Infinity } })).toMatchInlineSnapshot(
      `"userWeight is Infinity; expected a number, 0 or more"`,
    )
    expect(complaint({ ...taller, objective: macr, recording: 'gradient' })).toMatchInlineSnapshot(
      `"recording is "gradient" with macr; expected "none", or the objective bpr or bce"`,
    )
    expect(complaint({ objective: macr })).toMatchInlineSnapshot(
      `"initialTable has 20 numbers; expected (users + items + 2) × dimension = 28"`,
    )
    expect(complaint(taller)).toMatchInlineSnapshot(
      `"initialTable has 28 numbers; expected (users + items) × dimension = 20"`,
    )
  })

  it('checks the margin that negatives are drawn by', () => {
    const popularity = Uint32Array.of(1, 1, 1)
    const margin = { popularity, margin: 40, decay: 0.9, pool: 3, downRule: 'half' } as const
    const complaintOf = (change: Partial<PopularityMargin>): string =>
      complaint({ sampler: { positives: 'interaction', negatives: 1, margin: { ...margin, ...change } } })
    expect(complaintOf({})).toBe('none')
    expect(complaintOf({ margin: 0, decay: 1, pool: 1, downRule: 'margin' })).toBe('none')
    expect(complaintOf({ popularity: new Uint32Array(4) })).toMatchInlineSnapshot(
      `"popularity has 4 numbers; expected one for each of the 3 items"`,
    )
    expect(complaintOf({ margin: -1 })).toMatchInlineSnapshot(`"margin is -1; expected a number, 0 or more"`)
    expect(complaintOf({ margin: Infinity })).toMatchInlineSnapshot(
      `"margin is Infinity; expected a number, 0 or more"`,
    )
    expect(complaintOf({ decay: 0 })).toMatchInlineSnapshot(`"decay is 0; expected a number above 0, at most 1"`)
    expect(complaintOf({ decay: 1.5 })).toMatchInlineSnapshot(`"decay is 1.5; expected a number above 0, at most 1"`)
    expect(complaintOf({ pool: 0 })).toMatchInlineSnapshot(`"pool is 0; expected a whole number from 1 to 3"`)
    expect(complaintOf({ pool: 4 })).toMatchInlineSnapshot(`"pool is 4; expected a whole number from 1 to 3"`)
    expect(complaintOf({ pool: 1.5 })).toMatchInlineSnapshot(`"pool is 1.5; expected a whole number from 1 to 3"`)
  })

  it('checks the weight of negatives', () => {
    const bce = { kind: 'bce', l2: 0 } as const
    expect(complaint({ objective: { ...bce, negativeWeight: 4 } })).toBe('none')
    expect(complaint({ objective: { ...bce, negativeWeight: 0.1 }, recording: 'gradient' })).toBe('none')
    expect(complaint({ objective: { ...bce, negativeWeight: 0 } })).toMatchInlineSnapshot(
      `"negativeWeight is 0; expected a number above 0"`,
    )
    expect(complaint({ objective: { ...bce, negativeWeight: Infinity } })).toMatchInlineSnapshot(
      `"negativeWeight is Infinity; expected a number above 0"`,
    )
    expect(complaint({ objective: { kind: 'bpr', l2: 0, negativeWeight: 1 } })).toMatchInlineSnapshot(
      `"negativeWeight is 1 with bpr; expected it with bce only"`,
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
