import { csrFromPairs, type Engine, type FitSpec, type Matrix } from '@gradrec/engine'
import { openOracleEngine, sampleStep } from '@gradrec/oracle'
import { describe, expect, it } from 'vitest'
import {
  checkedMethod,
  ConfigError,
  METHOD_KINDS,
  methodConfig,
  methodOf,
  methodOptions,
  METHODS,
  type MethodConfig,
} from '../src/index.ts'
import type { TrainingRun } from '../src/methods/method.ts'
import { prepareRun } from '../src/training/prepareRun.ts'
import { RECIPES } from '../src/recipes/recipes.ts'
import { handmadeDataset } from './handmadeDataset.ts'

const counts = Uint32Array.of(8, 0, 2, 1, 4)
const popularity = { users: Uint32Array.of(5, 5, 5), items: counts }
const run: TrainingRun = {
  loss: 'bpr',
  l2: 0.5,
  backbone: 'mf',
  positives: 'interaction',
  negatives: 1,
  seed: 1,
  interactions: csrFromPairs([], [], 3, 5),
  popularity,
  biasedPopularity: popularity,
}
const objectiveOf = (config: MethodConfig): FitSpec['objective'] => methodOf(config).training(run).objective
const numbers = (values: ArrayLike<number> | undefined): number[] => Array.from(values ?? [])

describe('options', () => {
  it.each(METHOD_KINDS)('%s: defaults are allowed, and every option is described', (kind) => {
    expect(METHODS[kind].kind).toBe(kind)
    expect(checkedMethod(JSON.parse(JSON.stringify(methodConfig(kind))) as object)).toEqual(methodConfig(kind))
    for (const { description } of Object.values(methodOptions(kind))) expect(description).not.toBe('')
  })

  it.each<[string, Record<string, unknown>]>([
    ['method', { kind: 'magic' }],
    ['method', {}],
    ['weights', { ...methodConfig('ips'), weights: 'heavy' }],
    ['smoothness', { ...methodConfig('ips'), smoothness: -1 }],
    ['smoothness', { ...methodConfig('ips'), smoothness: Number.NaN }],
    ['smoothness', { kind: 'ips', weights: 'raw' }],
    ['gamma', { kind: 'original', gamma: 1 }],
    ['pool', { ...methodConfig('dice'), pool: 2.5 }],
    ['discrepancyWeight', { ...methodConfig('cause'), discrepancyWeight: 1e39 }],
    ['treatmentShare', { ...methodConfig('cause'), treatmentShare: 1 }],
    ['discrepancy', { ...methodConfig('cause'), discrepancy: 'dCor' }],
    ['recording', { ...methodConfig('gradient'), recording: 'none' }],
    ['directionItems', { ...methodConfig('gradient'), directionFrom: 'learned', directionItems: 'positiveOnly' }],
  ])('refuses %s in %j', (key, config) => {
    expect(() => checkedMethod(config)).toThrow(ConfigError)
    expect(() => checkedMethod(config)).toThrow(expect.objectContaining({ key }))
  })
})

describe('ips', () => {
  const weightsOf = (weights: string, smoothness = 1): number[] => {
    const objective = objectiveOf(methodConfig('ips', { weights, smoothness }))
    return numbers('lossWeights' in objective ? objective.lossWeights : undefined)
  }

  it('weighs by inverse popularity, cut off at the median and divided by the largest', () => {
    // max(c) / max(1, c) = 1, 8, 4, 8, 2, whose median is 4.
    expect(weightsOf('raw')).toEqual([1, 8, 4, 8, 2])
    expect(weightsOf('capped')).toEqual([1, 4, 4, 4, 2])
    expect(weightsOf('normalised')).toEqual([1 / 8, 1, 1 / 2, 1, 1 / 4])
    expect(weightsOf('cappedNormalised')).toEqual([1 / 4, 1, 1, 1, 1 / 2])
    expect(weightsOf('cappedNormalised', 2)).toEqual([1 / 16, 1, 1, 1, 1 / 4])
    expect(weightsOf('raw', 0)).toEqual([1, 1, 1, 1, 1])
  })

  it('or divides scores by the share of users', () => {
    const objective = objectiveOf(methodConfig('ips', { weights: 'dividedScores' }))
    if (!('scoreFactors' in objective)) throw new Error('scores are divided by factors')
    expect(numbers(objective.scoreFactors)).toEqual([4 / 9, 4, 4 / 3, 2, 4 / 5].map(Math.fround))
  })

  it('refuses weights that overflow', () => {
    const rare = { users: Uint32Array.of(1), items: Uint32Array.of(4e9, 1) }
    const method = methodOf(methodConfig('ips', { weights: 'raw', smoothness: 5 }))
    // Weights of 10²⁰ are numbers, and their squares are not.
    for (const [weights, smoothness] of [
      ['raw', 2.1],
      ['dividedScores', 10],
    ] as const) {
      const common = { users: new Uint32Array(1000), items: Uint32Array.of(4e9, 1) }
      const large = methodOf(methodConfig('ips', { weights, smoothness }))
      expect(() => large.training({ ...run, popularity: common })).toThrow(ConfigError)
    }
    expect(() => method.training({ ...run, popularity: rare })).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: smoothness is 5; expected a smaller one: with it weights, or their squares, leave the numbers that float32 has]`,
    )
  })
})

describe('pd', () => {
  it('multiplies scores by a power of popularity between 0 and 1', () => {
    const objective = objectiveOf(methodConfig('pd', { gamma: 1 }))
    // (c − 0) / 8, and half of the least that is not 0 for what would be 0.
    expect(objective).toMatchObject({ kind: 'bpr', l2: 0.5, link: 'elu' })
    expect('scoreFactors' in objective && numbers(objective.scoreFactors)).toEqual([1, 1 / 16, 1 / 4, 1 / 8, 1 / 2])
    const flat = objectiveOf(methodConfig('pd', { gamma: 0 }))
    expect('scoreFactors' in flat && numbers(flat.scoreFactors)).toEqual([1, 1, 1, 1, 1])
  })
})

describe('pda', () => {
  const matrix = (values: readonly number[]): Matrix => ({
    rows: values.length,
    dimension: 4,
    values: Float32Array.from(values.flatMap((value) => [value, 0, 0, 0])),
  })
  const users = [1, 0.5, -2]
  const items = [0.3, 2, 1, 0.25, 0.1]
  const m = [1, 1 / 16, 1 / 4, 1 / 8, 1 / 2]

  it('trains as pd does', () => {
    expect(objectiveOf(methodConfig('pda', { gamma: 0.3 }))).toEqual(objectiveOf(methodConfig('pd', { gamma: 0.3 })))
  })

  it('ranks by (ELU(y) + 1) · m^γ where y is above 0, and by its tangent below', async () => {
    const gamma = 0.4
    const trained = { embeddings: { users: matrix(users), items: matrix(items) } }
    const { base } = methodOf(methodConfig('pda', { gamma })).inference(trained, popularity)
    const { items: listed, scores } = await openOracleEngine().rank(base.users, base.items, { k: 5 })
    for (const [u, p] of users.entries()) {
      const exact = items.map((q, i) => (p * q > 0 ? p * q + 1 : Math.exp(p * q)) * m[i]! ** gamma)
      for (let place = 0; place < 5; place++) {
        const item = listed[5 * u + place]!
        const score = scores[5 * u + place]!
        expect(score).toBeCloseTo((p * items[item]! + 1) * m[item]! ** gamma, 5)
        if (p > 0) expect(score).toBeCloseTo(exact[item]!, 5)
        else expect(score).toBeLessThan(exact[item]!)
      }
      const order = [0, 1, 2, 3, 4].sort((a, b) => exact[b]! - exact[a]!)
      if (p > 0) expect([...listed.subarray(5 * u, 5 * u + 5)]).toEqual(order)
    }
  })
})

describe('dice', () => {
  it('counts popularity in the biased training interactions alone', () => {
    const train = [
      [0, 1],
      [0, 2],
    ]
    const dataset = handmadeDataset(3, { train, intervenedTrain: [[1], []] })
    const config = { ...RECIPES.default.config('mf', undefined, 'dice'), method: methodConfig('dice', { pool: 1 }) }
    const { spec } = prepareRun(dataset, config)
    expect(spec.objective).toMatchObject({ kind: 'dice', popularity: Uint32Array.of(2, 0, 1) })
    expect(spec.sampler.margin).toMatchObject({ popularity: Uint32Array.of(2, 0, 1), margin: 40, downRule: 'half' })
  })

  it('learns conformity towards what biased training chose more often, whichever of a triple that is', async () => {
    // Biased interactions choose item 1 three times and item 0 once; with the intervened ones item 0 leads, four to three.
    const train = [[0], [1], [1], [1], [0], [0], [0]]
    const dataset = handmadeDataset(3, { train, intervenedTrain: [[], [], [], [], [0], [0], [0]] })
    const weights = { interest: 1, conformity: 3, discrepancy: 'none', margin: 1, pool: 1 }
    const base = RECIPES.default.config('mf', undefined, 'dice')
    const { spec } = prepareRun(dataset, {
      ...base,
      method: methodConfig('dice', weights),
      dimension: 8,
      negatives: 8,
      batch: 7,
      l2: 0,
      optimizer: { kind: 'sgd', learningRate: 1, weightDecay: 0 },
    })
    // With items at 0 every σ is ½, and with users of ones an item moves by the slopes of its own triples alone.
    const fit = await openOracleEngine().fit({
      ...spec,
      initialTable: spec.initialTable.map((_, n) => (n < 7 * 8 ? 1 : 0)),
    })
    const { users, positives, negatives } = sampleStep(spec, 0)
    const moves = [0, 1, 2].map(() => ({ interest: 0, conformity: 0 }))
    const met = new Set<string>()
    for (const [t, negative] of negatives.entries()) {
      const positive = positives[Math.floor(t / 8)]!
      met.add(`${positive}−${negative}`)
      const negativeIsMorePopular = positive === 0 && negative === 1
      const interest = negativeIsMorePopular ? 0.5 + 1 / 2 : 0.5
      const conformity = negativeIsMorePopular ? 0.5 - 3 / 2 : 0.5 + 3 / 2
      for (const [item, sign] of [
        [positive, 1],
        [negative, -1],
      ] as const) {
        moves[item]!.interest += (sign * interest) / negatives.length
        moves[item]!.conformity += (sign * conformity) / negatives.length
      }
    }
    expect([...users].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    // Item 1, the most popular, has less popular negatives only; item 0 has either.
    expect([...met].sort()).toEqual(['0−1', '0−2', '1−0', '1−2'])
    await fit.steps(1)
    const { items } = await fit.embeddings()
    for (const [item, { interest, conformity }] of moves.entries()) {
      for (let f = 0; f < 8; f++) expect(items.values[8 * item + f]).toBeCloseTo(f < 4 ? interest : conformity, 6)
    }
  })

  it('refuses a pool larger than the catalogue, and a width it cannot halve', () => {
    const dataset = handmadeDataset(3, { train: [[0], [1]] })
    const config = RECIPES.default.config('mf', undefined, 'dice')
    expect(() => prepareRun(dataset, config)).toThrow(expect.objectContaining({ code: 'E_CONFIG', key: 'pool' }))
    const narrow = { ...config, dimension: 12 }
    expect(() => prepareRun(dataset, narrow)).toThrow(expect.objectContaining({ code: 'E_CONFIG', key: 'dimension' }))
  })
})

describe('macr', () => {
  const engine: Engine = openOracleEngine()
  const matrix = (rows: readonly (readonly number[])[]): Matrix => ({
    rows: rows.length,
    dimension: 4,
    values: Float32Array.from(rows.flat()),
  })
  const users = [
    [1, 0, 2, 0],
    [0, 1, 0, -1],
  ]
  const items = [
    [1, 2, 0, 0],
    [0, 0, 1, 1],
    [3, 0, 0, 1],
  ]
  const towers = [
    [9, 9, 9, 9],
    [1, 0, -1, 0],
  ]
  const trained = { embeddings: { users: matrix(users), items: matrix(items) }, parameters: matrix(towers) }
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, f) => sum + x * b[f]!, 0)
  const gate = items.map((item) => 1 / (1 + Math.exp(-dot(item, towers[1]!))))

  it.each([0, 0.5, 40])('scores (y − c) · ŷ_i with c = %d, as its matrices and as its corrections', async (c) => {
    const inference = methodOf(methodConfig('macr')).inference(trained, popularity)
    const vectors = inference.vectors({ c })
    const corrections = inference.corrections([{ c }])
    if (corrections === undefined) throw new Error('macr has a dial')
    const plain = await engine.rank(vectors.users, vectors.items, { k: 3 })
    const [corrected] = await engine.rankVariants(inference.base.users, inference.base.items, corrections, { k: 3 })
    for (const [u, user] of users.entries()) {
      const expected = items.map((item, i) => (dot(user, item) - c) * gate[i]!)
      for (const ranking of [plain, corrected!]) {
        for (let place = 0; place < 3; place++) {
          const item = ranking.items[u * 3 + place]!
          expect(ranking.scores[u * 3 + place]).toBeCloseTo(expected[item]!, 4)
        }
      }
    }
  })

  it('has tower rows in its table, and a tower that starts as small as a layer to one number', () => {
    const dataset = handmadeDataset(3, { train: [[0], [1]] })
    const config = { ...RECIPES.macr.config('mf', undefined, 'macr'), dimension: 4 }
    const { spec } = prepareRun(dataset, config)
    expect(spec.objective).toEqual({ kind: 'macr', l2: 1e-5, itemWeight: 1e-3, userWeight: 1e-3 })
    expect(spec.initialTable).toHaveLength((2 + 3 + 2) * 4)
    expect(Math.max(...spec.initialTable.slice(20).map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 5))
  })
})
