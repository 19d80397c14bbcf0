import { openOracleEngine } from '@gradrec/oracle'
import { MemoryError, type Engine, type Fit } from '@gradrec/engine'
import { describe, expect, it } from 'vitest'
import {
  completed,
  ConfigError,
  DatasetError,
  DivergedError,
  evaluate,
  mostPopular,
  RECIPES,
  recipeFor,
  train,
  type TrainConfig,
  type TrainEvent,
} from '../src/index.ts'
import { handmadeDataset, twoTastes } from './handmadeDataset.ts'

const engine = openOracleEngine()
const dataset = twoTastes(40, 16, (user, item) => (user * 7 + item * 3) % 4 === 0)
const adam = {
  kind: 'adam',
  learningRate: 0.02,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
} as const
const config: TrainConfig = {
  ...RECIPES.default.config('mf'),
  dimension: 8,
  batch: 64,
  epochs: 6,
  evaluateEvery: 2,
  optimizer: adam,
  watch: 'recall@3',
  k: 3,
}

describe('train', () => {
  it.each(['mf', 'lgn'] as const)('%s finds the tastes that most-popular cannot', async (backbone) => {
    const trained = { ...config, backbone: RECIPES.default.config(backbone).backbone, epochs: 20 }
    const model = await completed(train(dataset, trained, engine))
    const { metrics } = await evaluate(model.vectors, dataset, 'test', engine, trained)
    const baseline = await evaluate(mostPopular(dataset), dataset, 'test', engine, trained)
    expect(metrics['recall@3']).toBeGreaterThan(0.9)
    expect(metrics['recall@3']).toBeGreaterThan(baseline.metrics['recall@3']!)
  })

  it('tells what happens in order', async () => {
    const events: TrainEvent[] = []
    const model = await completed(train(dataset, config, engine), (event) => events.push(event))
    const withoutProgress = events.filter((event) => event.type !== 'progress').map((event) => event.type)
    const two = ['epoch', 'epoch', 'validation']
    expect(withoutProgress).toEqual(['start', ...two, ...two, ...two, 'stop'])
    expect(events.at(0)).toMatchObject({ users: 40, items: 16, parameters: 56 * 8, stepsPerEpoch: 4, engine: 'oracle' })
    const progress = events.filter((event) => event.type === 'progress')
    expect(progress.filter((event) => event.step === event.stepsPerEpoch)).toHaveLength(6)
    const epochs = events.filter((event) => event.type === 'epoch')
    expect(epochs.map((event) => event.triples)).toEqual(epochs.map(() => dataset.parts.train.columns.length))
    expect(epochs[0]!.loss).toBeCloseTo(Math.log(2), 1)
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss)
    expect(model.history.map((record) => record.validation !== undefined)).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
    ])
  })

  it('trains the same model from the same seed, and another from another', async () => {
    const [a, b, c] = [
      await completed(train(dataset, config, engine)),
      await completed(train(dataset, config, engine)),
      await completed(train(dataset, { ...config, seed: 2 }, engine)),
    ]
    expect(a.vectors).toEqual(b.vectors)
    expect(a.vectors).not.toEqual(c.vectors)
  })

  it('keeps the best validated epoch and stops when patience is used up', async () => {
    const events: TrainEvent[] = []
    const eager = { ...config, epochs: 200, evaluateEvery: 1, patience: 3 }
    const model = await completed(train(dataset, eager, engine), (event) => events.push(event))
    const validations = events.filter((event) => event.type === 'validation')
    const values = validations.map((event) => event.metrics['recall@3']!)
    expect(model.stopped).toBe('patience')
    expect(model.epoch).toBe(validations[values.indexOf(Math.max(...values))]!.epoch)
    expect(model.epoch).toBe(model.history.length - 3)
    const again = await evaluate(model.vectors, dataset, 'validation', engine, eager)
    expect(again.metrics['recall@3']).toBe(Math.max(...values))
    expect(events.at(-1)).toEqual({
      type: 'stop',
      reason: 'patience',
      epochs: model.history.length,
      bestEpoch: model.epoch,
    })
  })

  it('keeps the last epoch where there is no validation part', async () => {
    const bare = handmadeDataset(4, { train: [[0, 1], [2], [1]], test: [[2], [3], [0]] })
    const model = await completed(train(bare, { ...config, batch: 2, epochs: 3, patience: 1 }, engine))
    expect(model).toMatchObject({ epoch: 3, stopped: 'epochs' })
  })

  it('stops where its signal says and returns the best model so far', async () => {
    const controller = new AbortController()
    const training = train(dataset, { ...config, evaluateEvery: 1 }, engine, { signal: controller.signal })
    const model = await completed(training, (event) => {
      if (event.type === 'epoch' && event.epoch === 3) controller.abort()
    })
    const validated = model.history.flatMap((record) => record.validation?.['recall@3'] ?? [])
    expect(model.stopped).toBe('aborted')
    expect(model.history).toHaveLength(3)
    expect(validated).toHaveLength(2)
    expect(model.epoch).toBe(validated.indexOf(Math.max(...validated)) + 1)
  })

  it('stopped before the first step, returns the initial embeddings', async () => {
    const model = await completed(train(dataset, config, engine, { signal: AbortSignal.abort() }))
    expect(model).toMatchObject({ stopped: 'aborted', epoch: 0, history: [] })
    expect(model.vectors.users.rows).toBe(40)
  })

  it('closes the fit when its consumer leaves early', async () => {
    let closed = 0
    const counting: Engine = {
      ...engine,
      fit: async (spec) => {
        const fit = await engine.fit(spec)
        return intercepted(fit, { close: () => void closed++ })
      },
    }
    for await (const event of train(dataset, config, counting)) if (event.type === 'epoch') break
    expect(closed).toBe(1)
  })

  it('asks whether a run fits before it makes anything', async () => {
    let asked = 0
    const full: Engine = {
      ...engine,
      memoryPlan: (shape) => {
        asked++
        expect(shape).not.toHaveProperty('initialTable')
        return { ...engine.memoryPlan(shape), limits: [{ bounds: 'total', bytes: 1, reason: 'are left' }] }
      },
      fit: () => Promise.reject(new Error('asked to train what does not fit')),
    }
    await expect(completed(train(dataset, config, full))).rejects.toThrow(MemoryError)
    expect(asked).toBe(1)
  })

  it('never returns what diverged', async () => {
    const wild = { ...config, optimizer: { kind: 'sgd', learningRate: 1e30, weightDecay: 1 } } as const
    await expect(completed(train(dataset, { ...wild, epochs: 50 }, engine))).rejects.toThrow(DivergedError)
    const broken: Engine = {
      ...engine,
      fit: async (spec) => {
        const fit = await engine.fit(spec)
        return intercepted(fit, { steps: async (count) => ({ steps: count, triples: count, lossSum: Number.NaN }) })
      },
    }
    await expect(completed(train(dataset, config, broken))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DivergedError: training diverged: the loss became NaN in epoch 1 (by step 0); use a learning rate below 0.02 (try 0.002) or more l2]`,
    )
  })
})

describe('what can be mended is mended and told', () => {
  it('a batch larger than the data', async () => {
    const events: TrainEvent[] = []
    const model = await completed(train(dataset, { ...config, batch: 60_000 }, engine), (event) => events.push(event))
    expect(model.config.batch).toBe(dataset.parts.train.columns.length)
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'start', stepsPerEpoch: 1 },
      { type: 'repair', code: 'batch-clamped' },
    ])
  })

  it('users who have every item', async () => {
    const full = handmadeDataset(3, { train: [[0, 1, 2], [0], [1]] })
    const events: TrainEvent[] = []
    const model = await completed(train(full, { ...config, batch: 2 }, engine), (event) => events.push(event))
    expect(events[0]).toMatchObject({ type: 'start', interactions: 2 })
    expect(events[1]).toMatchObject({ type: 'repair', code: 'user-with-every-item', count: 1 })
    expect(model.vectors.users.rows).toBe(3)
  })

  it('but not a data set without anything to learn from', async () => {
    const full = handmadeDataset(2, {
      train: [
        [0, 1],
        [0, 1],
      ],
    })
    await expect(completed(train(full, config, engine))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DatasetError: in data set "handmade" every user with training interactions has interacted with all 2 items, which leaves no negative to sample; add the items that nobody chose, or other users]`,
    )
    const empty = handmadeDataset(2, { train: [[], []] })
    await expect(completed(train(empty, config, engine))).rejects.toThrow(DatasetError)
  })
})

describe('settings out of range', () => {
  it.each<[string, Partial<TrainConfig>]>([
    ['dimension', { dimension: 6 }],
    ['dimension', { dimension: 0 }],
    ['dimension', { dimension: Number.NaN }],
    ['layers', { backbone: { kind: 'lgn', layers: 0 } }],
    ['batch', { batch: 70_000 }],
    ['negatives', { negatives: 65 }],
    ['learningRate', { optimizer: { ...adam, learningRate: -1 } }],
    ['beta2', { optimizer: { ...adam, beta2: 1 } }],
    ['l2', { l2: -1 }],
    ['epochs', { epochs: 0.5 }],
    ['sd', { initialisation: { kind: 'normal', sd: 0 } }],
    ['seed', { seed: -1 }],
    ['patience', { patience: -1 }],
    ['k', { k: 1025 }],
    ['watch', { watch: 'gini@3' as TrainConfig['watch'] }],
  ])('%s in %j', async (key, change) => {
    const training = completed(train(dataset, { ...config, ...change }, engine))
    await expect(training).rejects.toMatchObject({ code: 'E_CONFIG', key })
    await expect(training).rejects.toThrow(ConfigError)
  })
})

describe('recipes', () => {
  it.each([
    ['adressa', 'macr'],
    ['gowalla', 'macr'],
    ['ml10m', 'dice'],
    ['netflix', 'dice'],
    ['simulated', 'default'],
  ])('%s is trained by %s', (name, recipe) => expect(recipeFor(name).name).toBe(recipe))

  it('macr takes smaller batches on Adressa', () => {
    expect(RECIPES.macr.config('mf', 'adressa').batch).toBe(1024)
    expect(RECIPES.macr.config('lgn', 'gowalla')).toMatchObject({ batch: 4096, backbone: { kind: 'lgn', layers: 2 } })
  })
})

function intercepted(fit: Fit, instead: Partial<Fit>): Fit {
  return {
    stepsPerEpoch: fit.stepsPerEpoch,
    stepsAtOnce: fit.stepsAtOnce,
    step: 0,
    steps: (count) => fit.steps(count),
    embeddings: () => fit.embeddings(),
    read: () => fit.read(),
    restore: (state) => fit.restore(state),
    setLearningRate: (rate) => fit.setLearningRate(rate),
    close: () => fit.close(),
    ...instead,
  }
}
