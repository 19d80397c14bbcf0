import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { evaluate, metricValue, withDials } from '@gradrec/core'
import { simulate } from '@gradrec/data'
import { loadModel } from '@gradrec/model-files/node'
import { openOracleEngine } from '@gradrec/oracle'
import { describe, expect, it } from 'vitest'
import { run } from '../src/index.ts'
import { dialTable, type TunedGrid } from '../src/output/dialTable.ts'
import { testContext } from './testContext.ts'
import { gradrec, tinyRun } from './tinyRun.ts'

interface TuneFile {
  readonly metric: string
  readonly off: number
  readonly gain: number
  readonly stored: boolean
  readonly best: { readonly dials: Record<string, number>; readonly metrics: Record<string, number> }
  readonly settings: readonly { readonly dials: Record<string, number>; readonly metrics: Record<string, number> }[]
}

async function tuneFile(folder: string): Promise<TuneFile> {
  return JSON.parse(await readFile(join(folder, 'tune.json'), 'utf8')) as TuneFile
}

describe('gradrec tune', () => {
  it('keeps the best dials in the model, and writes all settings and their picture', async () => {
    const folder = await tinyRun('--alpha-item', '0', '--alpha-user', '0')
    const { exitCode, out, err } = await gradrec('tune', folder, '--grid', '0,0.5,1')
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: expect.not.stringContaining('error') as string })
    const { settings, best, off, gain, stored, metric } = await tuneFile(folder)
    expect(settings).toHaveLength(9)
    const values = settings.map(({ metrics }) => metrics[metric] ?? Number.NaN)
    expect(best.metrics[metric]).toBe(Math.max(...values))
    expect(settings[0]?.dials).toEqual({ alphaItem: 0, alphaUser: 0 })
    expect(off).toBeCloseTo(values[0] ?? Number.NaN, 12)
    expect(gain).toBeCloseTo(Math.max(...values) - off, 12)
    expect(stored).toBe(true)
    expect((await loadModel(join(folder, 'model.safetensors'))).dials).toEqual(best.dials)
    expect(await readFile(join(folder, 'alpha-surface.svg'), 'utf8')).toMatch(/^<svg[^]*Recall@5 on simulated/)
    expect(out).toContain('Recall@5 on validation')
    expect(out).toMatch(/^best: αItem \S+, αUser \S+: Recall@5 0\.\d{4}, /m)
    expect(out).toMatch(/^9 settings in .*; one evaluation takes /m)
    expect(out).not.toContain('\u001B')
  })

  it('lists the values of a single dial, and draws no surface', async () => {
    const folder = await tinyRun('--method', 'macr', '--c', '0')
    const { exitCode, out } = await gradrec('tune', folder, '--grid', '0,0.5,40')
    expect(exitCode).toBe(0)
    expect(out).toMatch(/^c +Recall@5\n0 .*\n0\.5 .*\n40 /m)
    expect(out).toMatch(/^best: c \S+: Recall@5 0\.\d{4}, .* c = 0/m)
    const { settings, best } = await tuneFile(folder)
    expect(settings.map(({ dials }) => dials)).toEqual([{ c: 0 }, { c: 0.5 }, { c: 40 }])
    expect((await loadModel(join(folder, 'model.safetensors'))).dials).toEqual(best.dials)
    expect(await readdir(folder)).not.toContain('alpha-surface.svg')
  })

  it('measures what an evaluation at those dials measures', async () => {
    const folder = await tinyRun()
    await gradrec('tune', folder, '--grid', '0,0.7', '--metric', 'ndcg@3', '--quiet')
    const { settings, metric } = await tuneFile(folder)
    expect(metric).toBe('ndcg@3')
    const model = await loadModel(join(folder, 'model.safetensors'))
    const dataset = await simulate({
      users: 60,
      items: 40,
      trainInteractions: 600,
      validationInteractions: 100,
      testInteractions: 150,
      biasedTestInteractions: 60,
    })
    expect(dataset.hash).toBe(model.dataHash)
    for (const { dials, metrics } of settings) {
      const { vectors } = withDials(model, dials)
      const options = { metrics: ['ndcg@3'], averageOver: 'usersWithTest', maskValidation: true } as const
      const evaluation = await evaluate(vectors, dataset, 'validation', openOracleEngine(), options)
      expect(metrics['ndcg@3']).toBeCloseTo(metricValue(evaluation.metrics, 'ndcg@3'), 10)
    }
  })

  it('with --dry-run leaves everything as it was, and says so', async () => {
    const folder = await tinyRun()
    const files = await readdir(folder)
    const before = await readFile(join(folder, 'model.safetensors'))
    const { exitCode, out, err } = await gradrec('tune', folder, '--grid', '0,1', '--dry-run', '--json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      stored: false,
      grids: { alphaItem: [0, 1], alphaUser: [0, 1] },
      part: 'validation',
      engine: 'oracle',
    })
    expect(err).toContain('nothing was written')
    expect(await readdir(folder)).toEqual(files)
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(before)
  })

  it('takes a model’s file, and data from elsewhere', async () => {
    const folder = await tinyRun()
    const model = join(folder, 'model.safetensors')
    expect((await gradrec('tune', model, '--grid', '0,1', '--quiet')).exitCode).toBe(0)
    await rm(join(folder, 'config.json'))
    const lone = await gradrec('tune', model, '--grid', '0,1', '--quiet')
    expect(lone).toMatchObject({ exitCode: 2, err: expect.stringContaining('give the data with --dataset') as string })
    const sizes =
      '--users 60 --items 40 --train-interactions 600 --validation-interactions 100 --test-interactions 150'.split(' ')
    const said = ['--dataset', 'simulated', ...sizes, '--biased-test-interactions', '60']
    expect((await gradrec('tune', model, '--grid', '0,1', '--quiet', ...said)).exitCode).toBe(0)
    const other = await gradrec('tune', model, '--quiet', ...said, '--data-seed', '9')
    expect(other.exitCode).toBe(1)
    expect(other.err).toContain('error [E_DATASET]: this is not the data the model was trained on')
  })

  it('says that data has moved', async () => {
    const folder = await tinyRun()
    await writeFile(join(folder, 'config.json'), '{"settings": {"dataset": "gone/plays.csv"}}')
    const { exitCode, err } = await gradrec('tune', folder, '--quiet')
    expect(exitCode).toBe(1)
    expect(err).toContain('there is no such file: check the path, or say where the data is now with --dataset')
  })

  it('stops on Ctrl-C with 130 and leaves the model as it was', async () => {
    const folder = await tinyRun()
    const before = await readFile(join(folder, 'model.safetensors'))
    const context = testContext({ onText: (text) => text.startsWith('engine') && context.interrupt() })
    expect(await run(['tune', folder, '--grid', '0,1'], context)).toBe(130)
    expect(context.err()).toContain('stopped on request')
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(before)
  })

  it.each([
    [['--grid', '0,x'], '--grid is "0,x"; expected numbers with commas between'],
    [['--metric', 'arp@20'], '--metric is "arp@20"; expected a metric of accuracy'],
    [['--gird', '0'], '--gird is not a flag of gradrec tune; did you mean --grid?'],
  ])('refuses %j', async (flags, message) => {
    const { exitCode, out, err } = await gradrec('tune', 'anything', ...flags)
    expect({ exitCode, out, err }).toEqual({ exitCode: 2, out: '', err: expect.stringContaining(message) as string })
    expect(err.trimEnd()).not.toContain('\n')
  })

  it('refuses what is no model, and a model without dials', async () => {
    expect(await gradrec('tune')).toMatchObject({ exitCode: 2, err: expect.stringContaining('no model') as string })
    const missing = await gradrec('tune', 'no/such/run')
    expect(missing.err).toContain('"no/such/run" is neither a run’s folder nor a model’s file')
    const folder = await tinyRun('--method', 'original')
    const { exitCode, err } = await gradrec('tune', folder, '--quiet')
    expect({ exitCode, err }).toMatchInlineSnapshot(`
      {
        "err": "error [E_DATASET]: method original has no dials to tune
      ",
        "exitCode": 1,
      }
    `)
    await rm(join(folder, 'model.safetensors'))
    expect((await gradrec('tune', folder)).err).toContain('go on with gradrec train --resume')
  })
})

describe('dialTable', () => {
  const settings = [0, 0.1 + 0.2].flatMap((alphaItem) =>
    [0, 1, 2].map((alphaUser) => ({
      dials: { alphaItem, alphaUser },
      metrics: { 'recall@5': 0.1 + alphaItem + alphaUser / 100 },
    })),
  )
  const grid: TunedGrid = { metric: 'recall@5', settings, best: settings[5]! }

  it('of two dials has a row for each αItem, a column for each αUser, and marks the best', () => {
    expect(dialTable(grid, false)).toMatchInlineSnapshot(`
      "      αUser
      αItem     0     1     2
          0 .1000 .1100 .1200
        0.3 .4000 .4100 .4200*"
    `)
  })

  it('is as wide in colour', () => {
    // eslint-disable-next-line no-control-regex
    const plain = dialTable(grid, true).replaceAll(/\u001B\[[\d;]*m/g, '')
    const lines = dialTable(grid, false).split('\n')
    expect(plain.split('\n').map((line) => line.trimEnd())).toEqual(lines)
  })

  it('of one dial has a line for each of its values', () => {
    const ofOne = [0, 0.5, 40].map((c, n) => ({ dials: { c }, metrics: { 'recall@5': 0.1 * (n % 2) } }))
    expect(dialTable({ metric: 'recall@5', settings: ofOne, best: ofOne[1]! }, false)).toMatchInlineSnapshot(`
      "c    Recall@5
      0     0.0000
      0.5   0.1000*
      40    0.0000"
    `)
  })
})
