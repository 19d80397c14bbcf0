import type { FitSpec, FitState } from '@gradrec/engine'
import { ADAM, randomInteractions, randomSpec } from '@gradrec/parity'
import { afterAll, expect, test } from 'vitest'
import { openWasmEngine } from '../src/index.ts'
import { windowSteps } from '../src/horizon.ts'

const threads = await openWasmEngine({ threads: 2 })
const caller = await openWasmEngine({ run: 'caller' })
afterAll(async () => {
  await threads.close()
  await caller.close()
})

async function trained(engine: typeof threads, spec: FitSpec, portions: readonly number[]): Promise<FitState> {
  const fit = await engine.fit(spec)
  for (const steps of portions) await fit.steps(steps)
  const state = await fit.read()
  fit.close()
  return state
}

// Users that a step draws once and more often, whole blocks of columns and a part of one.
const spec = (changes: Partial<FitSpec>): FitSpec =>
  randomSpec({ interactions: randomInteractions(700, 300, 9000), batch: 512, dimension: 80, ...changes })

test.each([
  ['dense', {}],
  ['lazy', { optimizer: { ...ADAM, update: 'lazy' } }],
  ['unit users', { objective: { kind: 'bpr', l2: 0, userNorm: 'unit' } }],
  ['many negatives', { batch: 100, sampler: { positives: 'interaction', negatives: 9 } }],
  ['lgn', { backbone: { kind: 'lgn', layers: 2 } }],
] as const)('recording changes no bit of what is trained: %s', async (_, changes) => {
  const plain = await trained(threads, spec(changes), [20])
  for (const recording of ['vector', 'gradient'] as const) {
    const { slots, ...state } = await trained(threads, spec({ ...changes, recording }), [20])
    const { recordedPositive, recordedNegative, ...moments } = slots
    expect({ ...state, slots: moments }).toEqual(plain)
    expect(recordedPositive?.some((value) => value !== 0)).toBe(true)
    expect(recordedNegative?.some((value) => value !== 0)).toBe(true)
  }
})

test('windows and threads change no bit of what is recorded', async () => {
  const recorded = spec({ recording: 'gradient', optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0 } })
  const window = windowSteps(recorded)
  expect(window).toBeGreaterThan(3)
  const whole = await trained(threads, recorded, [2 * window])
  expect(await trained(threads, recorded, [1, window - 3, window + 2])).toEqual(whole)
  expect(await trained(caller, recorded, [3, 2 * window - 3])).toEqual(whole)
})
