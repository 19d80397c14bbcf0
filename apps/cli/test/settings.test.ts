import { METHOD_KINDS, methodOptions, METHODS, RECIPES, type MethodKind, type TrainConfig } from '@gradrec/core'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../src/settings/configFile.ts'
import { evaluateArgs } from '../src/settings/evaluateSettings.ts'
import { exportArgs } from '../src/settings/exportSettings.ts'
import type { Given } from '../src/settings/given.ts'
import { METHOD_SETTINGS } from '../src/settings/methodSettings.ts'
import { recommendArgs } from '../src/settings/recommendSettings.ts'
import { repeatableSettings } from '../src/settings/repeatableSettings.ts'
import { resolveSettings, type ResolvedSettings } from '../src/settings/resolveSettings.ts'
import { settingsOf, trainConfigOf } from '../src/settings/trainConfigOf.ts'
import { trainArgs } from '../src/settings/trainFlags.ts'
import {
  flagOf,
  SETTING_GROUPS,
  SETTING_KEYS,
  TRAIN_SETTINGS,
  type SettingValues,
} from '../src/settings/trainSettings.ts'
import { gradrec } from './tinyRun.ts'

/** As `--config` would give the settings of a run's `config.json`. */
function given(settings: SettingValues): ReadonlyMap<string, Given> {
  return new Map(Object.entries(settings).map(([key, value]) => [key, { value, source: 'file', where: key } as const]))
}

/** The loss of a method that leaves no choice. */
function ownLoss(kind: MethodKind): { readonly loss?: TrainConfig['loss'] } {
  const { loss } = METHODS[kind]
  return loss === undefined ? {} : { loss }
}

const fromFile = (settings: SettingValues): ResolvedSettings => resolveSettings(new Map(), given(settings))

const CONFIGS: readonly (readonly [string, TrainConfig])[] = Object.values(RECIPES).flatMap((recipe) =>
  (['mf', 'lgn'] as const).flatMap((backbone) =>
    METHOD_KINDS.map((method) => {
      const config = recipe.config(backbone, 'adressa', method)
      return [`${recipe.name} ${backbone} ${method}`, { ...config, ...ownLoss(method) }] as const
    }),
  ),
)

describe('settingsOf', () => {
  it.each(CONFIGS)('is the inverse of trainConfigOf for %s', (_, config) => {
    for (const recipe of ['default', 'dice'] as const) {
      const resolved = fromFile({ recipe, ...settingsOf(config) })
      const { backbone } = config
      const { config: again } = trainConfigOf(resolved, 'simulated')
      // What a LightGCN leaves to its defaults, another recipe may have set.
      const same = recipe === 'dice' && backbone.kind === 'lgn' ? { ...config, backbone: again.backbone } : config
      expect(again).toEqual(same)
    }
  })

  it.each(CONFIGS)('comes back from the config.json of %s', (_, config) => {
    const settings = repeatableSettings(fromFile({}), 'simulated', config)
    const file = parseConfig(JSON.stringify({ settings, engine: 'oracle' }, undefined, 2), 'config.json')
    // Said in full, so that the recipe has nothing to add but what a LightGCN leaves to its defaults.
    expect(trainConfigOf(resolveSettings(new Map(), file), 'simulated').config).toEqual(config)
  })

  it('keeps what differs from every recipe', () => {
    const flags: SettingValues = {
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
  const said = fromFile({ layers: 3, alphaItem: 1, dataRoot: 'x', users: 50, threads: 2, rateFactor: 0.5 })
  const repeated = repeatableSettings(said, 'simulated', RECIPES.default.config('mf', 'simulated', 'original'))
  expect(repeated).toMatchObject({ dataset: 'simulated', users: 50, threads: 2, method: 'original' })
  for (const key of ['layers', 'alphaItem', 'dataRoot', 'rateFactor']) expect(repeated).not.toHaveProperty(key)
})

describe('the settings of methods', () => {
  it('are called like no other setting or flag', () => {
    const others = ['resume', 'config', 'json', 'quiet']
    for (const name of METHOD_SETTINGS.keys()) {
      expect(Object.keys(TRAIN_SETTINGS)).not.toContain(name)
      expect(others).not.toContain(flagOf(name))
    }
    // All of them, none twice.
    expect(SETTING_KEYS.toSorted()).toEqual([...Object.keys(TRAIN_SETTINGS), ...METHOD_SETTINGS.keys()].toSorted())
    expect(Object.keys(trainArgs).toSorted()).toEqual([...SETTING_KEYS.map(flagOf), ...others].toSorted())
    expect(new Set(SETTING_KEYS.map(flagOf)).size).toBe(SETTING_KEYS.length)
  })

  it('are one thing wherever a name is: an option of one kind, or a dial, whatever the method', () => {
    const kinds = new Map<string, string>()
    for (const method of METHOD_KINDS) {
      const options = Object.entries(methodOptions(method)).map(([name, option]) => [name, option.kind] as const)
      const dials = Object.keys(METHODS[method].dials).map((name) => [name, 'dial'] as const)
      for (const [name, kind] of [...options, ...dials]) {
        expect({ name, kind }).toEqual({ name, kind: kinds.get(name) ?? kind })
        kinds.set(name, kind)
      }
    }
    expect([...METHOD_SETTINGS.keys()].toSorted()).toEqual([...kinds.keys()].toSorted())
  })

  /** Flags of commands for models that are neither a dial's nor of gradrec train. */
  const OWN: Readonly<Record<string, readonly [args: object, own: readonly string[]]>> = {
    evaluate: [evaluateArgs, ['run', 'against', 'part', 'resamples']],
    recommend: [recommendArgs, ['run', 'user', 'all', 'include-seen', 'exclude-items', 'unknown', 'out']],
    export: [exportArgs, ['run', 'out', 'force']],
  }
  it.each(Object.entries(OWN))('are flags of gradrec %s too where they are dials, beside its own', (_, [args, own]) => {
    const dials = METHOD_KINDS.flatMap((kind) => Object.keys(METHODS[kind].dials)).map(flagOf)
    expect(Object.keys(args)).toEqual(expect.arrayContaining(dials))
    const others = Object.keys(args).filter((flag) => !dials.includes(flag) && !Object.hasOwn(trainArgs, flag))
    expect(others).toEqual(own)
  })

  it.each(METHOD_KINDS)('of %s are all taken, and refused beside every method without them', (kind) => {
    for (const [name, option] of Object.entries(methodOptions(kind))) {
      // Another value than the default.
      const value =
        option.kind === 'choice' ? (option.choices[1] ?? '') : (option.least + (option.most ?? option.default + 1)) / 2
      expect(value).not.toBe(option.default)
      const said = fromFile({ method: kind, [name]: value, ...ownLoss(kind) })
      const base = RECIPES.default.config('mf', 'simulated', kind).method
      expect(trainConfigOf(said, 'simulated').config.method).toEqual({ ...base, [name]: value })
    }
    const names = [...Object.keys(methodOptions(kind)), ...Object.keys(METHODS[kind].dials)]
    for (const name of names) {
      const { methods = [] } = METHOD_SETTINGS.get(name) ?? {}
      expect(methods).toContain(kind)
      const value = valueOfAll(methods, name)
      for (const other of METHOD_KINDS) {
        const parse = (): unknown =>
          trainConfigOf(fromFile({ method: other, [name]: value, ...ownLoss(other) }), 'simulated')
        if (methods.includes(other)) expect(parse).not.toThrow()
        else
          expect(parse).toThrow(
            `${name} means nothing with method ${other}; it goes with method ${methods.join(' or ')}`,
          )
      }
    }
  })

  /** A value that an option has in every method with it, or 1 for a dial. */
  function valueOfAll(methods: readonly MethodKind[], name: string): string | number {
    const options = methods.flatMap((method) => methodOptions(method)[name] ?? [])
    const [first] = options
    if (first?.kind !== 'choice') return first?.default ?? 1
    const isCommon = (choice: string): boolean =>
      options.every((option) => option.kind === 'choice' && option.choices.includes(choice))
    return first.choices.find(isCommon) ?? 'none in common'
  }

  it('are in the help with the methods that have them, and so is a line about each method', async () => {
    const { out } = await gradrec('train', '--help')
    const lines = out.split('\n')
    const heading = lines.indexOf('Debiasing')
    const next = lines.indexOf('Training')
    const said = lines.slice(heading, next).join('\n')
    expect(said).toContain(`--method=<${METHOD_KINDS.join('|')}>`)
    for (const kind of METHOD_KINDS) {
      expect(out).toMatch(new RegExp(`^  ${kind} +${METHODS[kind].summary.replaceAll(/[()]/g, '\\$&')}$`, 'm'))
      for (const name of [...Object.keys(methodOptions(kind)), ...Object.keys(METHODS[kind].dials)]) {
        const at = said.split('\n').findIndex((line) => line.startsWith(`  --${flagOf(name)}=`))
        expect(at).toBeGreaterThan(0)
        const text = said
          .split('\n')
          .slice(at, at + 2)
          .join(' ')
        expect(text).toMatch(new RegExp(`\\([^()]*\\b${kind}\\b[^()]*\\)`))
      }
    }
  })
})

it('help has a heading above its first setting, and headings stand in order', () => {
  const places = SETTING_GROUPS.map(([, first]) => SETTING_KEYS.indexOf(first))
  expect(places[0]).toBe(0)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
})
