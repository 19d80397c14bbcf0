import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { METHOD_KINDS, methodConfig, METHODS, type MethodKind } from '@gradrec/core'
import { loadModel } from '@gradrec/model-files/node'
import { openOracleEngine } from '@gradrec/oracle'
import type { Machine } from '../src/engine/machine.ts'
import { run } from '../src/index.ts'
import type { Results } from '../src/run/results.ts'
import { temporaryFolder } from './temporaryFolder.ts'
import { oracleMachine, testContext, TINY } from './testContext.ts'

/** What a method needs said on simulated data. */
const NEEDS: Partial<Record<MethodKind, readonly string[]>> = {
  cause: ['--loss', 'bce', '--treatment-from', 'sampled'],
}

describe('gradrec train', () => {
  it('writes the run, and the results to stdout', async () => {
    const runs = await temporaryFolder()
    const context = testContext()
    expect(await run(['train', ...TINY, '--runs', runs], context)).toBe(0)
    const [name = ''] = await readdir(runs)
    expect(name).toMatch(/^simulated-mf-20260131-0930\d\d$/)
    const files = await readdir(join(runs, name))
    expect(files.toSorted().join(' ')).toBe(
      'checkpoint.safetensors config.json events.jsonl metrics.json model.safetensors report.html',
    )
    expect(
      context
        .out()
        .replaceAll(/[01]\.\d{4}/g, '0.####')
        .replaceAll(/\d\d\.\d/g, '##.#')
        .replace(/(?<=debiased: ).*(?=, tuned)/, '<dials>')
        .replace(runs, '<runs>')
        .replace(name, '<name>'),
    ).toMatchInlineSnapshot(`
      "                  test                                     biased test
                    Recall@5    HR@5  NDCG@5  ARP@5  Coverage@5     Recall@5    HR@5  NDCG@5
      most-popular    0.####  0.####  0.####   ##.#      0.####       0.####  0.####  0.####
      item-knn        0.####  0.####  0.####   ##.#      0.####       0.####  0.####  0.####
      mf              0.####  0.####  0.####   ##.#      0.####       0.####  0.####  0.####
      mf debiased     0.####  0.####  0.####   ##.#      0.####       0.####  0.####  0.####
      mf debiased: <dials>, tuned on validation
      test: mean over 52 users with held-out items; biased test: mean over 52 users with held-out items
      ARP@5: mean training interactions of listed items; Coverage@5: share of the items that anybody gets listed
      results are in <runs>/<name>
      "
    `)
    const told = context.err().replaceAll(/\d+\.\d+( [kMG])?/g, '#')
    expect(told).toContain('simulated: 60 users × 40 items')
    expect(told).toContain('mf, 8 dimensions, method gradient (recipe default)')
    expect(told).toContain('training  800 parameters, up to 2 epochs of 5 steps')
    expect(told).toContain('oracle on float64 TypeScript (software): the oracle is plain TypeScript')
    expect(told).toMatch(/epoch 2 · loss # · validation Recall@5 #, HR@5 #, NDCG@5 # at α [#\d]+/)
    expect(told).toMatch(/tuned {5}121 settings of the dials in /)
    expect(told).toMatch(/dials {5}.* \(validation Recall@5 #( → #)?\)/)
    expect(told).not.toContain('\u001B')
  })

  it('prints one JSON document with --json, and nothing else with --quiet', async () => {
    const runs = await temporaryFolder()
    const context = testContext()
    expect(await run(['train', ...TINY, '--runs', runs, '--name', 'a run', '--json', '--quiet'], context)).toBe(0)
    expect(context.err()).toBe('')
    expect(JSON.parse(context.out())).toMatchObject({
      run: join(runs, 'a run'),
      dataset: { name: 'simulated', users: 60, items: 40, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      engine: 'oracle',
      recipe: 'default',
      settings: { epochs: 2, dimension: 8 },
      stopped: 'epochs',
      results: { k: 5, parts: [{ part: 'test' }, { part: 'biasedTest' }] },
    })
  })

  it('logs every event and keeps the metrics', async () => {
    const runs = await temporaryFolder()
    await run(['train', ...TINY, '--runs', runs, '--name', 'x', '--batch', '5000', '--quiet'], testContext())
    const lines = (await readFile(join(runs, 'x', 'events.jsonl'), 'utf8')).trimEnd().split('\n')
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type)
    expect(types.slice(0, 2)).toEqual(['start', 'repair'])
    expect(types.at(-1)).toBe('stop')
    const metrics: unknown = JSON.parse(await readFile(join(runs, 'x', 'metrics.json'), 'utf8'))
    expect(metrics).toMatchObject({ k: 5, stopped: 'epochs', history: [{ epoch: 1 }, { epoch: 2 }] })
  })

  it('mends a batch larger than the data, and says so', async () => {
    const context = testContext()
    expect(await run(['train', ...TINY, '--runs', await temporaryFolder(), '--batch', '5000'], context)).toBe(0)
    expect(context.err()).toMatch(/repaired {2}batch is 5000, more than the \d+ training interactions there are/)
  })

  it('never writes over a run', async () => {
    const runs = await temporaryFolder()
    for (let n = 0; n < 3; n++) await run(['train', ...TINY, '--runs', runs, '--name', 'x', '--quiet'], testContext())
    expect((await readdir(runs)).toSorted()).toEqual(['x', 'x-2', 'x-3'])
  })

  it('repeats a run from its config.json, bit for bit', async () => {
    const runs = await temporaryFolder()
    const again = ['train', '--config', join(runs, 'first', 'config.json'), '--name', 'again']
    expect(await run(['train', ...TINY, '--seed', '7', '--runs', runs, '--name', 'first'], testContext())).toBe(0)
    expect(await run(again, testContext())).toBe(0)
    const models = await Promise.all(['first', 'again'].map((name) => loadModel(join(runs, name, 'model.safetensors'))))
    expect(models[1]?.trained).toEqual(models[0]?.trained)
    expect(models[1]?.vectors).toEqual(models[0]?.vectors)
    expect(models[1]?.config).toEqual(models[0]?.config)
  })

  it('lets a flag turn a LightGCN file into matrix factorisation', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'lgn.yaml'), 'backbone: lgn\nlayers: 3\n')
    const argv = [
      'train',
      ...TINY,
      '--runs',
      folder,
      '--config',
      join(folder, 'lgn.yaml'),
      '--name',
      'x',
      '--backbone',
      'mf',
    ]
    expect(await run(argv, testContext())).toBe(0)
    const path = join(folder, 'x', 'config.json')
    const { settings } = JSON.parse(await readFile(path, 'utf8')) as { settings: object }
    expect(settings).toMatchObject({ backbone: 'mf' })
    // What means nothing now would be refused when the file is given back.
    expect(settings).not.toHaveProperty('layers')
    expect(await run(['train', '--config', path, '--name', 'again', '--quiet'], testContext())).toBe(0)
  })

  it('tunes the dials and keeps the whole grid', async () => {
    const runs = await temporaryFolder()
    const context = testContext()
    expect(await run(['train', ...TINY, '--runs', runs, '--name', 'x', '--json'], context)).toBe(0)
    const { results } = JSON.parse(context.out()) as { results: Results }
    expect(JSON.parse(await readFile(join(runs, 'x', 'metrics.json'), 'utf8'))).toMatchObject(results)
    expect(results.tuned).toMatchObject({ part: 'validation', metric: 'recall@5' })
    const settings = results.tuned?.settings ?? []
    expect(settings).toHaveLength(121)
    const best = Math.max(...settings.map(({ metrics }) => metrics['recall@5'] ?? 0))
    expect(settings.find(({ dials }) => isDeepStrictEqual(dials, results.dials))?.metrics['recall@5']).toBe(best)
    const model = await loadModel(join(runs, 'x', 'model.safetensors'))
    expect(model.dials).toEqual(results.dials)
    expect(await readFile(join(runs, 'x', 'report.html'), 'utf8')).toContain('Recall@5')
  })

  it('takes the dials it is given', async () => {
    const runs = await temporaryFolder()
    const context = testContext()
    const argv = ['train', ...TINY, '--runs', runs, '--name', 'x', '--alpha-item', '0.4']
    expect(await run(argv, context)).toBe(0)
    expect(context.err()).toContain('dials     αItem 0.4, as given')
    expect(context.out()).toContain('mf debiased: αItem 0.4, as given')
    const path = join(runs, 'x', 'config.json')
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ settings: { alphaItem: 0.4 } })
  })

  it('leaves the dials off where there is nothing to tune them on, and says how to set them', async () => {
    const context = testContext()
    const without = ['--validation-interactions', '0']
    expect(await run(['train', ...TINY, ...without, '--runs', await temporaryFolder()], context)).toBe(0)
    expect(context.err()).toContain(
      'dials     off: there is no validation part to tune them on; set them with --alpha-item and --alpha-user',
    )
    expect(context.out()).not.toContain('debiased')
  })

  it.each(METHOD_KINDS)('trains, debiases and keeps a model with method %s', async (method) => {
    const runs = await temporaryFolder()
    const context = testContext()
    const argv = ['train', ...TINY, '--method', method, ...(NEEDS[method] ?? [])]
    expect(await run([...argv, '--runs', runs, '--name', 'x'], context)).toBe(0)
    const dials = Object.keys(METHODS[method].dials)
    const rows = dials.length > 0 ? ['mf', 'mf debiased'] : [`mf ${method}`]
    const labels = context
      .out()
      .split('\n')
      .flatMap((line) => (/^mf.*(?= {2}0\.\d{4})/.test(line) ? [line.split('  ')[0]] : []))
    expect(labels).toEqual(rows)
    const model = await loadModel(join(runs, 'x', 'model.safetensors'))
    const wanted = method === 'cause' ? methodConfig(method, { treatmentFrom: 'sampled' }) : methodConfig(method)
    expect(model.config.method).toEqual(wanted)
    expect(Object.keys(model.dials)).toEqual(dials)
    const { settings } = JSON.parse(await readFile(join(runs, 'x', 'config.json'), 'utf8')) as { settings: object }
    const { kind: _, ...options } = wanted
    expect(settings).toMatchObject({ method, ...options })
    const report = await readFile(join(runs, 'x', 'report.html'), 'utf8')
    expect(report.includes('The model’s dials')).toBe(dials.length > 0)
  })

  it('trains without debiasing', async () => {
    const context = testContext()
    expect(await run(['train', ...TINY, '--method', 'original', '--runs', await temporaryFolder()], context)).toBe(0)
    expect(context.err()).toContain('method original')
    expect(context.err()).not.toMatch(/dials|α/)
    expect(context.out()).not.toContain('debiased')
  })

  it('reads a file of one’s own', async () => {
    const folder = await temporaryFolder()
    const rows = Array.from(
      { length: 400 },
      (_, n) => `reader${n % 20},book${(n * 7 + Math.floor(n / 20)) % 30},${1 + (n % 5)}`,
    )
    await writeFile(join(folder, 'loans.csv'), `who,book,stars\n${rows.join('\n')}\n`)
    const columns = ['--user-column', 'who', '--item-column', 'book', '--rating-column', 'stars', '--min-rating', '3']
    const argv = [
      'train',
      '--dataset',
      join(folder, 'loans.csv'),
      ...columns,
      '--epochs',
      '1',
      '--dimension',
      '4',
      '--runs',
      folder,
    ]
    const context = testContext()
    expect(await run([...argv, '--name', 'x'], context)).toBe(0)
    expect(context.err()).toMatch(/data +loans: \d+ users/)
    const { users } = await loadModel(join(folder, 'x', 'model.safetensors'))
    expect(users.indexOf('reader2')).toBeDefined()
  })

  it('stops at Ctrl-C, evaluates and writes the best model so far', async () => {
    const runs = await temporaryFolder()
    const context = testContext({
      onText: (text) => {
        if (text.includes('epoch 1 ')) context.interrupt()
      },
    })
    const exitCode = await run(['train', ...TINY, '--epochs', '50', '--runs', runs, '--name', 'x'], context)
    expect(exitCode).toBe(130)
    expect(context.err()).toContain('stopped   on request, after 1 whole epochs')
    expect(context.out()).toContain('most-popular')
    expect(await readdir(join(runs, 'x'))).toContain('model.safetensors')
    expect(context.quits).toEqual([])
  })

  it('quits at the second Ctrl-C', async () => {
    const context = testContext({
      onText: (text) => {
        if (!text.includes('epoch 1 ')) return
        context.interrupt()
        context.interrupt()
      },
    })
    await run(['train', ...TINY, '--runs', await temporaryFolder()], context)
    expect(context.quits).toEqual([130])
  })

  it('draws one live line on a terminal and takes it off again', async () => {
    const context = testContext({ terminal: true })
    await run(['train', ...TINY, '--runs', await temporaryFolder()], context)
    const drawn = context.err().split('\r\u001B[2K').slice(1)
    expect(drawn.some((line) => line.startsWith('epoch 1/2'))).toBe(true)
    expect(drawn.filter((line) => line.startsWith('epoch 1/2')).every((line) => line.length < 60)).toBe(true)
    expect(context.err().endsWith('\n') || context.err().endsWith('\r\u001B[2K')).toBe(true)
  })

  it('says how much memory it takes, and refuses what the engine cannot hold before it trains', async () => {
    const small: Machine = {
      ...oracleMachine,
      openEngine: async () => {
        const engine = openOracleEngine()
        const limits = [{ bounds: 'total', bytes: 1024, reason: 'this test allows' }] as const
        return { ...engine, memoryPlan: (shape) => ({ ...engine.memoryPlan(shape), limits }) }
      },
    }
    const runs = await temporaryFolder()
    const [holds, refuses] = [testContext(), testContext({ machine: small })]
    expect(await run(['train', ...TINY, '--runs', runs, '--name', 'held'], holds)).toBe(0)
    // A hundred rows of eight numbers in float64, two moments of them, and two records.
    expect(holds.err()).toMatch(/^memory +31 KiB on the engine$/m)
    expect(await run(['train', ...TINY, '--runs', runs, '--name', 'refused'], refuses)).toBe(1)
    expect(refuses.err().trimEnd().split('\n').at(-1)).toBe(
      'error [E_LIMIT]: this training run needs 31 KiB, more than the 1.0 KiB that this test allows: ' +
        'the optimizer state 13 KiB + the recorded gradients 13 KiB + the embedding table 6.3 KiB = 31 KiB; use another engine',
    )
    expect(refuses.err()).not.toContain('epoch')
  })

  it('says what diverged in one line and leaves the event log', async () => {
    const runs = await temporaryFolder()
    const context = testContext()
    const wild = ['--optimizer', 'sgd', '--learning-rate', '1e30', '--weight-decay', '1', '--epochs', '40']
    expect(await run(['train', ...TINY, ...wild, '--runs', runs, '--name', 'x'], context)).toBe(1)
    expect(context.err().trimEnd().split('\n').at(-1)).toMatch(
      /^error \[E_DIVERGED\]: training diverged: .* use a learning rate below 1e\+30/,
    )
    const events = await readFile(join(runs, 'x', 'events.jsonl'), 'utf8')
    expect(JSON.parse(events.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ type: 'error', code: 'E_DIVERGED' })
  })

  it('says when the run’s folder cannot be made', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'taken'), '')
    const context = testContext()
    expect(await run(['train', ...TINY, '--runs', join(folder, 'taken'), '--quiet'], context)).toBe(1)
    expect(context.err()).toMatch(
      /^error \[E_WRITE\]: the run’s folder cannot be made in ".*": .*; choose another with --runs\n$/,
    )
  })
})
