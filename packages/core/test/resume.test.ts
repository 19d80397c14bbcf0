import { openWasmEngine } from '@gradrec/kernels-wasm'
import { describe, expect, it } from 'vitest'
import {
  CheckpointError,
  completed,
  methodConfig,
  RECIPES,
  train,
  type Checkpoint,
  type Model,
  type TrainConfig,
  type TrainEvent,
} from '../src/index.ts'
import { twoTastes } from './handmadeDataset.ts'

// The oracle keeps float64 and hands out float32, so it does not resume bit for bit; engines do.
const engine = await openWasmEngine({ threads: 1 })
const dataset = twoTastes(24, 12, (user, item) => (user * 7 + item * 3) % 4 === 0)
const config: TrainConfig = {
  ...RECIPES.default.config('mf'),
  dimension: 4,
  batch: 32,
  epochs: 10,
  evaluateEvery: 3,
  patience: 0,
  watch: 'recall@3',
  k: 3,
}
const variants: readonly (readonly [string, TrainConfig])[] = [
  ['mf, gradient', config],
  [
    'lgn, original',
    { ...config, ...RECIPES.default.config('lgn', undefined, 'original'), dimension: 4, k: 3, watch: 'recall@3' },
  ],
  ...(['mf', 'lgn'] as const).map((backbone): [string, TrainConfig] => {
    const own = RECIPES.default.config(backbone)
    const method = methodConfig('cause', { treatmentFrom: 'sampled', treatmentShare: 0.3 })
    const { optimizer } = own
    return [`${backbone}, cause`, { ...config, backbone: own.backbone, optimizer, method, loss: 'bce' }]
  }),
  [
    'a plateau schedule',
    {
      ...config,
      evaluateEvery: 1,
      patience: 2,
      schedule: { kind: 'plateau', factor: 0.5, patience: 0, threshold: 0.05, minimumRate: 1e-3 },
    },
  ],
]

/** Trains to the end, keeping every checkpoint. */
async function trained(
  of: TrainConfig,
  resume?: Checkpoint,
): Promise<{ readonly model: Model; readonly saved: readonly Checkpoint[]; readonly events: readonly TrainEvent[] }> {
  const saved: Checkpoint[] = []
  const events: TrainEvent[] = []
  const checkpoints = { save: async (each: Checkpoint) => void saved.push(structuredClone(each)), everySeconds: 0 }
  const model = await completed(
    train(dataset, of, engine, { checkpoints, ...(resume && { resume }) }),
    (event) => void events.push(event),
  )
  return { model, saved, events }
}

/** What a run leaves behind, less what the clock says. */
function withoutClock({ history, ...model }: Model): unknown {
  return { ...model, history: history.map((record) => ({ ...record, seconds: 0, triplesPerSecond: 0 })) }
}

describe.each(variants)('resuming: %s', (_, of) => {
  it('from any epoch ends as training without a stop', async () => {
    const whole = await trained(of)
    expect(whole.saved.length).toBe(whole.model.history.length)
    for (const checkpoint of whole.saved) {
      const resumed = await trained(of, checkpoint)
      expect(withoutClock(resumed.model)).toEqual(withoutClock(whole.model))
      expect(resumed.events.find((event) => event.type === 'start')).toMatchObject({ resumedFrom: checkpoint.epoch })
    }
  })

  it('a run of five epochs lengthened to ten is the run of ten', async () => {
    const short = await trained({ ...of, epochs: 5 })
    const lengthened = await trained(of, short.saved.at(-1))
    expect(withoutClock(lengthened.model)).toEqual(withoutClock((await trained(of)).model))
  })

  it('a finished run trains nothing more', async () => {
    const whole = await trained(of)
    const again = await trained(of, whole.saved.at(-1))
    expect(again.events.filter((event) => event.type === 'epoch')).toEqual([])
  })
})

describe('what does not belong together is refused', () => {
  const refusal = async (changes: Partial<Checkpoint>, of: TrainConfig = config): Promise<unknown> => {
    const checkpoint = (await trained({ ...config, epochs: 2 })).saved.at(-1)
    if (checkpoint === undefined) throw new Error('no checkpoint was saved')
    return trained(of, { ...checkpoint, ...changes })
  }

  it('other data', async () => {
    await expect(refusal({ dataHash: 'other' })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[CheckpointError: the checkpoint is of data with hash other, and data set "handmade" has handmade; resume with the data it was trained on]`,
    )
  })

  it('another configuration', async () => {
    await expect(refusal({}, { ...config, l2: 0.5 })).rejects.toThrow(CheckpointError)
    await expect(refusal({}, { ...config, l2: 0.5 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[CheckpointError: the checkpoint was trained with l2 0.001, and the run asks for 0.5; only epochs can change on resuming]`,
    )
  })

  it('fewer epochs than it has', async () => {
    await expect(refusal({}, { ...config, epochs: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[CheckpointError: the checkpoint has 2 epochs, more than the 1 that are asked for]`,
    )
  })
})
