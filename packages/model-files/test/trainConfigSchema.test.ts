import { METHOD_KINDS, methodConfig, methodOptions, RECIPES, type TrainConfig } from '@gradrec/core'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { ModelFileError } from '../src/errors.ts'
import { metadataOf, metadataValue } from '../src/fileText.ts'
import { trainConfigSchema } from '../src/trainConfigSchema.ts'

const BACKBONES = ['mf', 'lgn'] as const

const CONFIGS = Object.values(RECIPES).flatMap((recipe) =>
  BACKBONES.flatMap((backbone) =>
    METHOD_KINDS.map(
      (kind) => [`${recipe.name} ${backbone} ${kind}`, recipe.config(backbone, recipe.datasets[0], kind)] as const,
    ),
  ),
)

/** What reading a file with this configuration says. */
function refusal(config: object): string {
  const file = { tensors: new Map(), metadata: metadataOf({ config }) }
  try {
    metadataValue('m', file, v.object({ config: trainConfigSchema }))
  } catch (error) {
    if (error instanceof ModelFileError) return error.message
    throw error
  }
  return 'none'
}

describe('trainConfigSchema', () => {
  it.each(CONFIGS)('keeps every setting of %s through JSON', (_, config) => {
    expect(v.parse(trainConfigSchema, JSON.parse(JSON.stringify(config)))).toStrictEqual(config)
  })

  it('keeps what no recipe sets', () => {
    const config: TrainConfig = {
      ...RECIPES.default.config('lgn'),
      backbone: { kind: 'lgn', layers: 3, selfLoops: false, degreeExponent: 0.25, dropout: 0.1 },
      method: methodConfig('gradient', { userNorm: 'none', recording: 'gradient', directionItems: 'positiveOnly' }),
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

  it.each(METHOD_KINDS)('says in one sentence what is wrong with the options of %s', (kind) => {
    const { method, ...config } = RECIPES.default.config('mf', undefined, kind)
    expect(refusal({ ...config, method: { ...method, future: 1 } })).toBe(
      `m: in the metadata, config.method.future is 1; expected nothing: method ${kind} has no such option`,
    )
    for (const [name, option] of Object.entries(methodOptions(kind))) {
      const { [name]: _, ...without } = method as unknown as Record<string, unknown>
      expect(refusal({ ...config, method: without })).toContain(
        `m: in the metadata, config.method.${name} is undefined`,
      )
      const wrong = option.kind === 'number' ? option.least - 1 : 'best'
      expect(refusal({ ...config, method: { ...method, [name]: wrong } })).toContain(
        `config.method.${name} is ${JSON.stringify(wrong)}; expected `,
      )
    }
  })

  it('names the methods there are to one that is not', () => {
    const config = RECIPES.default.config('mf')
    expect(refusal({ ...config, method: { kind: 'magic' } })).toBe(
      `m: in the metadata, config.method.kind is "magic"; expected one of ${METHOD_KINDS.join(', ')}`,
    )
    expect(refusal({ ...config, method: 'gradient' })).toContain('config.method is "gradient"; expected Object')
  })
})
