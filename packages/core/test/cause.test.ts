import { csrFromPairs, rowColumns, type Csr, type FitSpec } from '@gradrec/engine'
import { openOracleEngine, sampleStep } from '@gradrec/oracle'
import { describe, expect, it } from 'vitest'
import {
  completed,
  DatasetError,
  evaluate,
  methodConfig,
  methodOf,
  mostPopular,
  RECIPES,
  train as trainModel,
  type TrainConfig,
} from '../src/index.ts'
import { controlShare, rowsOfArm, twoArms } from '../src/methods/twoArms.ts'
import { popularityIn } from '../src/methods/popularity.ts'
import { prepareRun } from '../src/training/prepareRun.ts'
import { handmadeDataset, twoTastes } from './handmadeDataset.ts'

const train = [[0, 1, 2], [1, 3], [], [2]]
const dataset = handmadeDataset(4, { train, intervenedTrain: [[2], [1], [], []] })
const rowsOf = (matrix: Csr): number[][] =>
  Array.from({ length: matrix.rows }, (_, row) => [...rowColumns(matrix, row)])

function configOf(backbone: 'mf' | 'lgn', options = {}, rest: Partial<TrainConfig> = {}): TrainConfig {
  const base = RECIPES.default.config(backbone, undefined, 'cause')
  return { ...base, loss: 'bce', method: methodConfig('cause', { treatmentFrom: 'part', ...options }), ...rest }
}

/** An arm's pairs as they weigh in the mean over drawn positives: the probability of each positive times the weight of its pairs. */
function weightOfArms({ interactions, objective, sampler }: FitSpec): [control: number, treatment: number] {
  if (objective.kind !== 'bce') throw new Error('cause has binary cross-entropy')
  const { lossWeights, negativeWeight = 1 } = objective
  const arms: [number, number] = [0, 0]
  const rows = rowsOf(interactions).filter((columns) => columns.length > 0)
  for (const columns of rows) {
    for (const column of columns) {
      const byUser = 1 / (rows.length * columns.length)
      const probability = sampler.positives === 'user' ? byUser : 1 / interactions.columns.length
      // As many triples as negatives, in a mean over triples: the positive counts once, a negative a share of its own weight.
      const pairs = 1 + sampler.negatives * (negativeWeight / sampler.negatives)
      arms[column < 4 ? 0 : 1] += probability * lossWeights![column]! * pairs
    }
  }
  return arms
}

describe('two arms in one matrix', () => {
  const control = csrFromPairs([0, 0, 1], [0, 1, 2], 3, 3)
  const treatment = csrFromPairs([0, 2], [2, 0], 3, 3)

  it('puts the treatment arm’s items after the control arm’s, and its users too where they are apart', () => {
    expect(rowsOf(twoArms(control, treatment, 'shared'))).toEqual([[0, 1, 5], [2], [3]])
    expect(rowsOf(twoArms(control, treatment, 'apart'))).toEqual([[0, 1], [2], [], [5], [], [3]])
    expect(twoArms(control, treatment, 'apart').columnCount).toBe(6)
  })

  it('draws an arm by its interactions, or by users who have any', () => {
    const shared = twoArms(control, treatment, 'shared')
    expect(controlShare(shared, 'interaction')).toBe(3 / 5)
    expect(controlShare(shared, 'user')).toBeCloseTo((2 / 3 + 1 + 0) / 3, 15)
    expect(controlShare(twoArms(control, treatment, 'apart'), 'user')).toBe(2 / 4)
  })

  it('gives an arm’s rows back', () => {
    const matrix = { rows: 4, dimension: 1, values: Float32Array.of(1, 2, 3, 4) }
    expect(rowsOfArm(matrix, 'control', 2)).toEqual({ rows: 2, dimension: 1, values: Float32Array.of(1, 2) })
    expect(rowsOfArm(matrix, 'treatment', 2)).toEqual({ rows: 2, dimension: 1, values: Float32Array.of(3, 4) })
    expect(rowsOfArm(matrix, 'treatment', 4)).toBe(matrix)
  })
})

describe('cause', () => {
  it('trains shared users with matrix factorisation, users and graphs of their own with LightGCN', () => {
    const mf = prepareRun(dataset, configOf('mf')).spec
    expect(rowsOf(mf.interactions)).toEqual([[0, 1, 6], [3, 5], [], [2]])
    expect(mf.arms).toEqual({ users: 'shared', discrepancy: { kind: 'l2', weight: 0.01, stopGradient: 'none' } })
    const lgn = prepareRun(dataset, configOf('lgn', { discrepancy: 'l1', stopGradient: 'treatment' })).spec
    expect(rowsOf(lgn.interactions)).toEqual([[0, 1], [3], [], [2], [6], [5], [], []])
    expect(lgn.arms).toEqual({ users: 'apart', discrepancy: { kind: 'l1', weight: 0.01, stopGradient: 'treatment' } })
    expect([mf, lgn].map(({ initialTable }) => initialTable.length / mf.dimension)).toEqual([4 + 8, 8 + 8])
  })

  it.each([
    ['mf', 'interaction', 1],
    ['mf', 'interaction', 4],
    ['mf', 'user', 1],
    ['mf', 'user', 3],
    ['lgn', 'interaction', 2],
    ['lgn', 'user', 2],
  ] as const)('weighs %s by %s with %d negatives to a mean over each arm’s pairs', (backbone, positives, negatives) => {
    const { spec } = prepareRun(dataset, configOf(backbone, {}, { positives, negatives }))
    for (const weight of weightOfArms(spec)) expect(weight).toBeCloseTo(1, 6)
    expect(spec.objective).toMatchObject({ kind: 'bce', negativeWeight: negatives })
  })

  it.each(['mf', 'lgn'] as const)(
    'has DICE’s loss on %s where a batch has the arms in their shares',
    async (backbone) => {
      // The batch is the whole epoch.
      const config = configOf(backbone, {}, { negatives: 3, batch: 6, dimension: 4, l2: 0 })
      const { spec } = prepareRun(dataset, config)
      const engine = openOracleEngine()
      const fit = await engine.fit(spec)
      const { users, items } = await fit.embeddings()
      const score = (user: number, item: number): number =>
        [0, 1, 2, 3].reduce((sum, f) => sum + users.values[4 * user + f]! * items.values[4 * item + f]!, 0)
      // DICE: pairs with labels, a mean over those of either arm.
      const samples = sampleStep(spec, 0)
      const losses: [control: number[], treatment: number[]] = [[], []]
      for (const [b, user] of samples.users.entries()) {
        const positive = samples.positives[b]!
        const arm = positive < 4 ? 0 : 1
        losses[arm].push(Math.log1p(Math.exp(-score(user, positive))))
        for (const negative of samples.negatives.subarray(3 * b, 3 * b + 3)) {
          expect(negative < 4 ? 0 : 1).toBe(arm)
          losses[arm].push(Math.log1p(Math.exp(score(user, negative))))
        }
      }
      const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length
      const { lossSum, triples } = await fit.steps(1)
      expect(losses.map(({ length }) => length)).toEqual([4 * 4, 4 * 2])
      expect(lossSum / triples).toBeCloseTo(mean(losses[0]) + mean(losses[1]), 6)
    },
  )

  it.each([
    ['mf', 'control'],
    ['mf', 'treatment'],
    ['lgn', 'control'],
    ['lgn', 'treatment'],
  ] as const)('%s finds tastes that most-popular cannot, in the %s arm', async (backbone, predict) => {
    const engine = openOracleEngine()
    const tastes = twoTastes(40, 16, (user, item) => (user * 7 + item * 3) % 4 === 0)
    const options = { treatmentFrom: 'sampled', treatmentShare: 0.4, predict, discrepancyWeight: 1 }
    const lists = { dimension: 8, batch: 64, epochs: 30, evaluateEvery: 10, watch: 'recall@3', k: 3 } as const
    const model = await completed(trainModel(tastes, configOf(backbone, options, lists), engine))
    expect([model.vectors.users.rows, model.vectors.items.rows]).toEqual([40, 16])
    const ranking = { k: 3, averageOver: 'usersWithTest', maskValidation: true } as const
    const { metrics } = await evaluate(model.vectors, tastes, 'test', engine, ranking)
    const popular = await evaluate(mostPopular(tastes), tastes, 'test', engine, ranking)
    expect(metrics['recall@3']).toBeGreaterThan(popular.metrics['recall@3']! + 0.2)
  })

  it('draws a treatment arm against popularity where it is told to, another with another seed', () => {
    const wide = handmadeDataset(12, {
      train: Array.from({ length: 60 }, (_, user) => [0, 1 + (user % 5), 6 + ((user * 7) % 6)]),
    })
    const armOf = (seed: number, treatmentShare: number): Csr => {
      const config = configOf('mf', { treatmentFrom: 'sampled', treatmentShare }, { seed })
      return prepareRun(wide, config).spec.interactions
    }
    const counted = (interactions: Csr): number[] => [...popularityIn(interactions).items]
    const [first, again, other] = [armOf(1, 0.2), armOf(1, 0.2), armOf(2, 0.2)]
    expect(first).toEqual(again)
    expect(first).not.toEqual(other)
    const items = counted(first)
    expect(items.slice(12).reduce((a, b) => a + b)).toBe(Math.round(0.2 * 180))
    // Nobody’s interactions get lost, and the item that everybody has is drawn least for its size.
    expect(items.slice(0, 12).map((count, item) => count + items[12 + item]!)).toEqual([
      ...popularityIn(wide.parts.train).items,
    ])
    expect(items[12]! / 60).toBeLessThan(0.2)
  })

  it('keeps to what is trained on where users had to be left out', () => {
    const complete = handmadeDataset(3, { train: [[0, 1, 2], [0, 1], [2]], intervenedTrain: [[2], [1], []] })
    const { spec, repairs } = prepareRun(complete, configOf('mf'))
    expect(rowsOf(spec.interactions)).toEqual([[], [0, 4], [2]])
    expect(repairs.map(({ code }) => code)).toContain('user-with-every-item')
  })

  it('mends lazy updates to dense ones, and says so', () => {
    const { optimizer } = RECIPES.default.config('mf')
    const { config, spec, repairs } = prepareRun(dataset, configOf('mf', {}, { batch: 2, optimizer }))
    expect(optimizer).toMatchObject({ update: 'lazy' })
    for (const { optimizer: mended } of [config, spec]) expect(mended).toEqual({ ...optimizer, update: 'dense' })
    expect(repairs.map(({ message }) => message)).toEqual([
      'update is lazy, and method cause moves rows that a step has not drawn: every step visits all rows',
    ])
  })

  it('refuses data without a treatment arm, an arm that is empty, and another loss', () => {
    const without = handmadeDataset(4, { train })
    expect(() => prepareRun(without, configOf('mf'))).toThrow(DatasetError)
    expect(() => prepareRun(without, configOf('mf'))).toThrow(/has no such part; expected .* treatmentFrom sampled/)
    const empty = handmadeDataset(4, { train, intervenedTrain: [[], [], [], []] })
    expect(() => prepareRun(empty, configOf('mf'))).toThrow(/has 0 of 6 training interactions in its treatment arm/)
    const all = handmadeDataset(4, { train, intervenedTrain: train })
    expect(() => prepareRun(all, configOf('mf'))).toThrow(/has 6 of 6 training interactions in its treatment arm/)
    const few = configOf('mf', { treatmentFrom: 'sampled', treatmentShare: 0.05 })
    expect(() => prepareRun(without, few)).toThrow(/has 0 of 6/)
    expect(() => prepareRun(dataset, { ...configOf('mf'), loss: 'bpr' })).toThrow(
      expect.objectContaining({ code: 'E_CONFIG', key: 'loss' }),
    )
  })

  it('ranks by one arm', () => {
    const rows = (count: number, first: number) => ({
      rows: count,
      dimension: 4,
      values: Float32Array.from({ length: 4 * count }, (_, n) => first + n),
    })
    const popularity = { users: new Uint32Array(2), items: new Uint32Array(3) }
    const apart = { embeddings: { users: rows(4, 0), items: rows(6, 100) } }
    const vectorsOf = (predict: string, trained: typeof apart) =>
      methodOf(methodConfig('cause', { predict })).inference(trained, popularity).base
    expect(vectorsOf('control', apart)).toEqual({ users: rows(2, 0), items: rows(3, 100) })
    expect(vectorsOf('treatment', apart)).toEqual({ users: rows(2, 8), items: rows(3, 112) })
    const shared = { embeddings: { users: rows(2, 0), items: rows(6, 100) } }
    expect(vectorsOf('treatment', shared)).toEqual({ users: rows(2, 0), items: rows(3, 112) })
  })
})
