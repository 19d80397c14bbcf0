import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { simulate } from '@gradrec/data'
import type { TrainEvent } from '@gradrec/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Output } from '../../src/output/output.ts'
import type { Artefact } from '../../src/reproduce/artefact.ts'
import { runStateOf } from '../../src/reproduce/cachedRun.ts'
import { canonicalJson } from '../../src/reproduce/canonicalJson.ts'
import { cellName, type Cell, type NeededCell } from '../../src/reproduce/cell.ts'
import { cellRequest, NO_RECIPE, recipeNames, type CellSource } from '../../src/reproduce/cellRequest.ts'
import { estimateFromRuns, pastRuns } from '../../src/reproduce/estimate.ts'
import { planFor, secondsLeft, totalSeconds, type Plan, type Planner } from '../../src/reproduce/plan.ts'
import { PlanProgress } from '../../src/reproduce/planProgress.ts'
import { planTable } from '../../src/reproduce/planTable.ts'
import { runKey } from '../../src/reproduce/runKey.ts'
import type { Selection } from '../../src/reproduce/selection.ts'
import { settingsOf } from '../../src/settings/trainConfigOf.ts'
import { temporaryFolder } from '../temporaryFolder.ts'
import { testContext } from '../testContext.ts'

const SELECTION: Selection = { datasets: undefined, backbones: ['mf'], methods: [], seeds: [1], quick: true }
const CELL: Cell = { dataset: 'ml10m', backbone: 'mf', method: 'gradient', seed: 1 }
const QUICK: CellSource = { benchmarks: '', quick: true, dataRoot: undefined, mixFolder: () => '' }

function artefactOf(name: string, cells: readonly NeededCell[]): Artefact {
  const make = (): never => {
    throw new Error('planning makes nothing')
  }
  return { name, title: name, datasets: ['ml10m'], anyDataset: true, cells: () => cells, make }
}

const dataset = simulate({
  users: 30,
  items: 20,
  trainInteractions: 150,
  validationInteractions: 20,
  testInteractions: 20,
  biasedTestInteractions: 20,
})

function plannerOf(cache: string): Planner {
  return {
    cache,
    request: (cell) => cellRequest(cell, QUICK, testContext()),
    load: () => dataset,
    estimate: async () => ({ secondsPerEpoch: 2, from: 'guess' }),
  }
}

async function planOf(cache: string, ...artefacts: readonly Artefact[]): Promise<Plan> {
  return planFor(artefacts, SELECTION, plannerOf(cache))
}

async function keyOf(cell: Cell): Promise<string> {
  const asked = await cellRequest(cell, QUICK, testContext())
  if (typeof asked === 'string') throw new Error(asked)
  return runKey(asked.request.chosen.config, await dataset)
}

async function finishedRun(folder: string, stopped = 'epochs'): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'metrics.json'), JSON.stringify({ stopped }))
  for (const file of ['model.safetensors', 'report.html']) await writeFile(join(folder, file), '')
}

describe('a plan', () => {
  it('trains what several artefacts need once, in the order in which they need it', async () => {
    const other: Cell = { ...CELL, seed: 2 }
    const [a, b] = [artefactOf('a', [{ cell: CELL }]), artefactOf('b', [{ cell: other }, { cell: CELL }])]
    const plan = await planOf(await temporaryFolder(), a, b)
    expect(plan.runs.map(({ cell, wantedBy }) => [cell.seed, wantedBy])).toEqual([
      [1, ['a', 'b']],
      [2, ['b']],
    ])
    // Three epochs each, two seconds an epoch.
    expect(plan.runs.map(secondsLeft)).toEqual([6, 6])
    expect(totalSeconds(plan)).toBe(12)
    expect(planTable(plan)).toContain('2 trainings to do, 0 in the cache; about 12 s in all, partly guessed')
  })

  it('shares a run between cells that come to the same configuration', async () => {
    const bpr: Cell = { ...CELL, variant: 'bpr' }
    const plan = await planOf(await temporaryFolder(), artefactOf('a', [{ cell: CELL }, { cell: bpr }]))
    expect(plan.runs).toHaveLength(1)
    expect(plan.byCell.get(cellName(bpr))).toBe(plan.byCell.get(cellName(CELL)))
    const norm = await planOf(
      await temporaryFolder(),
      artefactOf('a', [{ cell: CELL }, { cell: { ...CELL, variant: 'noNorm' } }]),
    )
    expect(norm.runs).toHaveLength(2)
  })

  it('leaves out what the cache has, and goes on with what was begun', async () => {
    const cache = await temporaryFolder()
    const begun: Cell = { ...CELL, seed: 2 }
    await finishedRun(join(cache, await keyOf(CELL)))
    const folder = join(cache, await keyOf(begun))
    await mkdir(folder)
    await writeFile(join(folder, 'checkpoint.safetensors'), '')
    const events = [
      { type: 'checkpoint', epoch: 1 },
      { type: 'checkpoint', epoch: 2 },
      { type: 'progress', epoch: 3 },
    ]
    await writeFile(
      join(folder, 'events.jsonl'),
      `${events.map((each) => JSON.stringify(each)).join('\n')}\n{"type":"che`,
    )
    const plan = await planOf(cache, artefactOf('a', [{ cell: CELL }, { cell: begun }]))
    expect(plan.runs.map(({ state, left }) => [state, left?.epochs])).toEqual([
      [{ kind: 'finished' }, undefined],
      [{ kind: 'begun', epoch: 2 }, 1],
    ])
    expect(totalSeconds(plan)).toBe(2)
    expect(planTable(plan)).toContain('1 (goes on after 2)')
  })

  it('takes optional cells from the cache and never trains them', async () => {
    const cache = await temporaryFolder()
    const artefact = artefactOf('a', [{ cell: CELL, isOptional: true }])
    expect((await planOf(cache, artefact)).runs).toEqual([])
    await finishedRun(join(cache, await keyOf(CELL)))
    expect((await planOf(cache, artefact)).runs).toHaveLength(1)
  })

  it('says once why cells cannot be trained', async () => {
    const cells = [CELL, { ...CELL, seed: 2 }, { ...CELL, method: 'dice' } as const]
    const plan = await planFor(
      [
        artefactOf(
          'a',
          cells.map((cell) => ({ cell })),
        ),
      ],
      SELECTION,
      {
        ...plannerOf(await temporaryFolder()),
        request: async () => NO_RECIPE,
      },
    )
    expect(plan.missing).toHaveLength(3)
    const lines = planTable(plan).split('\n')
    expect(lines.filter((line) => line.startsWith('cannot be trained'))).toEqual([
      `cannot be trained: ml10m-mf-gradient, ml10m-mf-dice; ${NO_RECIPE}`,
    ])
  })
})

describe('a run in the cache', () => {
  it('is finished only with all its files, after a training that was not stopped', async () => {
    const folder = join(await temporaryFolder(), 'run')
    expect(runStateOf(folder)).toEqual({ kind: 'absent' })
    await finishedRun(folder, 'aborted')
    expect(runStateOf(folder)).toEqual({ kind: 'begun', epoch: 0 })
    await finishedRun(folder, 'patience')
    expect(runStateOf(folder)).toEqual({ kind: 'finished' })
    await writeFile(join(folder, 'metrics.json'), '{"stopped":')
    expect(runStateOf(folder)).toEqual({ kind: 'begun', epoch: 0 })
  })
})

describe('the key of a run', () => {
  it('changes with the configuration, the data and how it was cut, and with nothing else', async () => {
    const asked = await cellRequest(CELL, QUICK, testContext())
    if (typeof asked === 'string') throw new Error(asked)
    const { config } = asked.request.chosen
    const data = { name: 'd', hash: 'h', protocol: 'p' }
    const key = runKey(config, data)
    expect(key).toMatch(/^d-mf-gradient-s1-[0-9a-f]{16}$/)
    expect(runKey(JSON.parse(JSON.stringify(config)) as typeof config, data)).toBe(key)
    const others = [
      runKey({ ...config, seed: 2 }, data),
      runKey({ ...config, epochs: config.epochs + 1 }, data),
      runKey({ ...config, l2: 0.5 }, data),
      runKey({ ...config, optimizer: { ...config.optimizer, learningRate: 0.5 } }, data),
      runKey(config, { ...data, hash: 'other' }),
      runKey(config, { ...data, protocol: 'other' }),
    ]
    expect(new Set([key, ...others]).size).toBe(others.length + 1)
  })

  it('does not depend on the order of settings', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed())
        expect(canonicalJson(turned)).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

describe('the recipe of a cell', () => {
  it('is the most particular there is', () => {
    expect(recipeNames({ ...CELL, variant: 'noNorm' })).toEqual([
      'ml10m-mf-gradient-noNorm.yaml',
      'ml10m-mf-gradient.yaml',
      'ml10m-mf.yaml',
    ])
  })

  it('is laid under method, seed and variant', async () => {
    const benchmarks = await temporaryFolder()
    await mkdir(join(benchmarks, 'recipes'))
    const recipe = 'dataset: simulated\nbackbone: mf\nmethod: gradient\nepochs: 7\nalphaItem: 0.5\n'
    await writeFile(join(benchmarks, 'recipes', 'ml10m-mf.yaml'), recipe)
    const source = { ...QUICK, quick: false, benchmarks }
    const ours = await cellRequest({ ...CELL, seed: 3, variant: 'noNorm' }, source, testContext())
    expect(ours).toMatchObject({
      recipe: 'recipes/ml10m-mf.yaml',
      command:
        'gradrec train --config benchmarks/recipes/ml10m-mf.yaml --backbone mf --method gradient --seed 3 --user-norm none',
      request: { dials: { alphaItem: 0.5 }, chosen: { config: { epochs: 7, seed: 3, method: { userNorm: 'none' } } } },
    })
    // The recipe's dial belongs to another method.
    const original = await cellRequest({ ...CELL, method: 'original' }, source, testContext())
    expect(original).toMatchObject({ request: { dials: undefined, chosen: { config: { epochs: 7 } } } })
    expect(await cellRequest({ ...CELL, backbone: 'lgn' }, source, testContext())).toBe(NO_RECIPE)
  })
})

describe('how long an epoch takes', () => {
  it('comes from runs of the same settings, data and device, whatever their seed', async () => {
    const cache = await temporaryFolder()
    const asked = await cellRequest(CELL, QUICK, testContext())
    if (typeof asked === 'string') throw new Error(asked)
    const { config } = asked.request.chosen
    const write = async (name: string, changed: object, events: readonly object[]): Promise<void> => {
      await mkdir(join(cache, name))
      const about = { dataset: { hash: 'h' }, engine: 'wasm', device: { name: 'CPU' } }
      const settings = { ...settingsOf(config), seed: 9, epochs: 100, ...changed }
      await writeFile(join(cache, name, 'config.json'), JSON.stringify({ settings, ...about }))
      await writeFile(join(cache, name, 'events.jsonl'), events.map((each) => `${JSON.stringify(each)}\n`).join(''))
    }
    const epoch = { type: 'epoch', seconds: 3 }
    await write('same', {}, [epoch, { type: 'validation', seconds: 1 }, epoch, { type: 'checkpoint', seconds: 1 }])
    await write('wider', { dimension: 64 }, [epoch])
    await write('nothing', {}, [])
    const runs = pastRuns(cache)
    expect(runs).toHaveLength(2)
    // Two epochs of 3 s, a validation and a checkpoint of 1 s.
    expect(estimateFromRuns(config, 'h', 'wasm CPU', runs)).toEqual({ secondsPerEpoch: 4, from: 'runs' })
    expect(estimateFromRuns(config, 'other data', 'wasm CPU', runs)).toBeUndefined()
    expect(estimateFromRuns(config, 'h', 'webgpu GPU', runs)).toBeUndefined()
    expect(pastRuns(join(cache, 'nowhere'))).toEqual([])
  })
})

describe('the time left', () => {
  it('is what was estimated, corrected by what it took so far', async () => {
    const cells = [1, 2, 3].map((seed): NeededCell => ({ cell: { ...CELL, seed } }))
    const { runs } = await planOf(await temporaryFolder(), artefactOf('a', cells))
    const [first, second] = runs
    if (first === undefined || second === undefined) throw new Error('not planned')
    let seconds = 0
    const sink = { write: () => true }
    const output = new Output(sink, sink, { quiet: false, colour: false, now: () => 0 })
    const progress = new PlanProgress(output, () => 1000 * seconds, runs)
    progress.start(first)
    // Three runs of 6 s.
    expect(progress.secondsLeft()).toBe(18)
    const event = (epoch: number, step: number): TrainEvent => ({
      type: 'progress',
      epoch,
      step,
      stepsPerEpoch: 10,
      loss: 1,
      triplesPerSecond: 1,
    })
    // Half of the first run took twice what it was to take: so will everything else.
    seconds = 6
    progress.show(first, event(2, 5))
    expect(progress.secondsLeft()).toBeCloseTo(6 + 2 * 12, 9)
    seconds = 12
    progress.finish(first)
    expect(progress.secondsLeft()).toBeCloseTo(24, 9)
    progress.start(second)
    expect(progress.secondsLeft()).toBeCloseTo(24, 9)
  })
})
