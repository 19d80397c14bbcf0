import { RECIPES, type TrainConfig } from '@gradrec/core'
import { describe, expect, it } from 'vitest'
import type { Given } from '../src/settings/given.ts'
import { repeatableSettings } from '../src/settings/repeatableSettings.ts'
import { resolveSettings } from '../src/settings/resolveSettings.ts'
import { settingsOf, trainConfigOf } from '../src/settings/trainConfigOf.ts'
import { SETTING_GROUPS, TRAIN_SETTING_KEYS, type TrainSettings } from '../src/settings/trainSettings.ts'

/** As `--config` would give the settings of a run's `config.json`. */
function given(settings: TrainSettings): ReadonlyMap<string, Given> {
  return new Map(Object.entries(settings).map(([key, value]) => [key, { value, source: 'file', where: key } as const]))
}

const CONFIGS: readonly (readonly [string, TrainConfig])[] = Object.values(RECIPES).flatMap((recipe) =>
  (['mf', 'lgn'] as const).flatMap((backbone) =>
    (['original', 'gradient'] as const).map(
      (method) => [`${recipe.name} ${backbone} ${method}`, recipe.config(backbone, 'adressa', method)] as const,
    ),
  ),
)

describe('settingsOf', () => {
  it.each(CONFIGS)('is the inverse of trainConfigOf for %s', (_, config) => {
    for (const recipe of ['default', 'dice'] as const) {
      const resolved = resolveSettings(new Map(), given({ recipe, ...settingsOf(config) }))
      const { backbone } = config
      const { config: again } = trainConfigOf(resolved, 'simulated')
      // What a LightGCN leaves to its defaults, another recipe may have set.
      const same = recipe === 'dice' && backbone.kind === 'lgn' ? { ...config, backbone: again.backbone } : config
      expect(again).toEqual(same)
    }
  })

  it('keeps what differs from every recipe', () => {
    const flags: TrainSettings = {
      backbone: 'lgn',
      selfLoops: false,
      degreeExponent: 0.25,
      dropout: 0.5,
      method: 'gradient',
      userNorm: 'none',
      recording: 'gradient',
      directionFrom: 'learned',
      directionItems: 'popularityWeighted',
      directionUsers: 'active',
      directionScale: 'raw',
      loss: 'bce',
      distinct: true,
      schedule: 'plateau',
      rateFactor: 0.25,
      ratePatience: 7,
      rateThreshold: 0.125,
      minimumRate: 1e-5,
    }
    const { config } = trainConfigOf(resolveSettings(given(flags), new Map()), 'simulated')
    expect(settingsOf(config)).toMatchObject(flags)
    const again = trainConfigOf(resolveSettings(new Map(), given(settingsOf(config))), 'simulated')
    expect(again.config).toEqual(config)
  })
})

it('settings that mean nothing for a run are not repeated', () => {
  const said: TrainSettings = { layers: 3, alphaItem: 1, dataRoot: 'x', users: 50, threads: 2, rateFactor: 0.5 }
  const repeated = repeatableSettings(said, 'simulated', RECIPES.default.config('mf', 'simulated', 'original'))
  expect(repeated).toMatchObject({ dataset: 'simulated', users: 50, threads: 2, method: 'original' })
  for (const key of ['layers', 'alphaItem', 'dataRoot', 'rateFactor']) expect(repeated).not.toHaveProperty(key)
})

it('help has a heading above its first setting, and headings stand in order', () => {
  const places = SETTING_GROUPS.map(([, first]) => TRAIN_SETTING_KEYS.indexOf(first))
  expect(places[0]).toBe(0)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
})
