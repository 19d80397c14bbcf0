import { openOracleEngine } from '@gradrec/oracle'
import { describe, expect, it } from 'vitest'
import {
  completed,
  DatasetError,
  evaluate,
  methodConfig,
  RECIPES,
  train,
  tune,
  withDials,
  type Model,
  type TrainConfig,
} from '../src/index.ts'
import { handmadeDataset, twoTastes } from './handmadeDataset.ts'

const engine = openOracleEngine()
const dataset = twoTastes(30, 12, (user, item) => (user * 7 + item * 3) % 4 === 0)
const config: TrainConfig = {
  ...RECIPES.default.config('mf'),
  dimension: 4,
  batch: 32,
  epochs: 4,
  evaluateEvery: 2,
  watch: 'recall@3',
  k: 3,
}
const trained = (changes: Partial<TrainConfig> = {}): Promise<Model> =>
  completed(train(dataset, { ...config, ...changes }, engine))

describe('tune', () => {
  it('gives every setting what evaluating it alone would', async () => {
    const model = await trained()
    const grid = [0, 0.5, 1, 2]
    const { settings, best, metric } = await tune(model, dataset, engine, { grid })
    expect(metric).toBe('recall@3')
    expect(settings.map(({ dials }) => [dials.alphaItem, dials.alphaUser])).toEqual(
      grid.flatMap((alphaItem) => grid.map((alphaUser) => [alphaItem, alphaUser])),
    )
    for (const { dials, metrics } of settings) {
      const alone = await evaluate(withDials(model, dials).vectors, dataset, 'validation', engine, {
        ...config,
        metrics: ['recall@3', 'hitRate@3', 'ndcg@3', 'arp@3'],
        k: undefined as never,
      })
      for (const [key, value] of Object.entries(alone.metrics)) expect(metrics[key as 'arp@3']).toBeCloseTo(value, 10)
    }
    expect(best.metrics['recall@3']).toBe(Math.max(...settings.map(({ metrics }) => metrics['recall@3'] ?? 0)))
  })

  it('returns the model at its best setting, and the same model at 0', async () => {
    const model = await trained()
    const tuned = await tune(model, dataset, engine)
    expect(tuned.settings).toHaveLength(121)
    expect(tuned.model.dials).toEqual(tuned.best.dials)
    expect(tuned.model.vectors).toEqual(withDials(model, tuned.best.dials).vectors)
    expect(withDials(tuned.model, {}).vectors).toEqual(model.vectors)
    expect(model.dials).toEqual({})
  })

  it('prefers to subtract less where nothing is gained', async () => {
    const model = await trained()
    // With lists of all items every setting has recall 1.
    const { best } = await tune(model, dataset, engine, { metric: 'recall@12' })
    expect(best.dials).toEqual({ alphaItem: 0, alphaUser: 0 })
  })

  it('passes on what the method warns of', async () => {
    const literal = await trained({ method: methodConfig('gradient', { directionItems: 'all' }) })
    const { warnings } = await tune(literal, dataset, engine, { grid: [0, 1] })
    expect(warnings).toEqual([expect.stringContaining('the popular direction cancels: the mean over all items is')])
  })

  it('refuses what cannot be tuned', async () => {
    const model = await trained()
    await expect(tune(await trained({ method: { kind: 'original' } }), dataset, engine)).rejects.toThrow(
      'method original has no dials to tune',
    )
    const bare = { ...dataset, parts: { train: dataset.parts.train } }
    await expect(tune(model, bare, engine)).rejects.toThrow('has no validation part to tune on')
    const other = handmadeDataset(12, { train: [[1], [2]], validation: [[2], [3]] })
    await expect(tune(model, { ...other, hash: 'other' }, engine)).rejects.toThrow(DatasetError)
    await expect(tune(model, dataset, engine, { grid: [] })).rejects.toMatchObject({ code: 'E_CONFIG', key: 'grid' })
  })
})
