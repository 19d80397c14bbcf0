import { RECOMMENDED_GRADIENT, RECIPES, type TrainConfig } from '@gradrec/core'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { trainConfigSchema } from '../src/trainConfigSchema.ts'

const BACKBONES = ['mf', 'lgn'] as const
/** A key for each method there is, so that a new one cannot be forgotten. */
const METHODS: Record<TrainConfig['method']['kind'], true> = { original: true, gradient: true }

const CONFIGS = Object.values(RECIPES).flatMap((recipe) =>
  BACKBONES.flatMap((backbone) =>
    Object.keys(METHODS).map((method) => {
      const kind = method as keyof typeof METHODS
      return [`${recipe.name} ${backbone} ${kind}`, recipe.config(backbone, recipe.datasets[0], kind)] as const
    }),
  ),
)

describe('trainConfigSchema', () => {
  it.each(CONFIGS)('keeps every setting of %s through JSON', (_, config) => {
    expect(v.parse(trainConfigSchema, JSON.parse(JSON.stringify(config)))).toStrictEqual(config)
  })

  it('keeps what no recipe sets', () => {
    const config: TrainConfig = {
      ...RECIPES.default.config('lgn'),
      backbone: { kind: 'lgn', layers: 3, selfLoops: false, degreeExponent: 0.25, dropout: 0.1 },
      method: { ...RECOMMENDED_GRADIENT, userNorm: 'none', recording: 'gradient' },
      optimizer: { kind: 'sgd', learningRate: 0.1, weightDecay: 0 },
      schedule: { kind: 'plateau', factor: 0.5, patience: 1, threshold: 0.01, minimumRate: 1e-4 },
      initialisation: { kind: 'normal', sd: 0.05 },
      seed: Number.MAX_SAFE_INTEGER,
    }
    expect(v.parse(trainConfigSchema, JSON.parse(JSON.stringify(config)))).toStrictEqual(config)
  })

  it('refuses what is missing, of another kind, or not known', () => {
    const config = RECIPES.default.config('mf')
    const { batch: _, ...withoutBatch } = config
    for (const wrong of [
      withoutBatch,
      { ...config, batch: '64' },
      { ...config, watch: 'taste@20' },
      { ...config, backbone: { kind: 'mf', layers: 2 } },
      { ...config, method: { kind: 'magic' } },
      { ...config, temperature: 1 },
      null,
    ]) {
      expect(v.safeParse(trainConfigSchema, wrong).success).toBe(false)
    }
  })
})
