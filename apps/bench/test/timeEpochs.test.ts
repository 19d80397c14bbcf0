import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulate, type Dataset } from '@gradrec/data'
import type { Engine, Fit } from '@gradrec/engine'
import { openEngine } from '@gradrec/engines'
import { timedMethods, type TimedMethod } from '../src/tableFour/sides.ts'
import { timeEpochs } from '../src/tableFour/timeEpochs.ts'
import { describeGroup } from '../src/tableFour/describeGroup.ts'

let engine: Engine
let dataset: Dataset

beforeAll(async () => {
  engine = await openEngine('wasm', { threads: 1 })
  dataset = await simulate({ users: 300, items: 200, trainInteractions: 6000 })
})
afterAll(() => engine.close())

const sides = (backbone: 'mf' | 'lgn'): readonly TimedMethod[] =>
  timedMethods(backbone, 'ml10m', 128).map((each) => ({ ...each, config: { ...each.config, dimension: 16 } }))

/** An engine that counts the steps its fits are asked for, and which of them are still open. */
function watched(open: Set<Fit>, steps: number[]): Engine {
  const watching: Engine = Object.create(engine)
  watching.fit = async (spec) => {
    const fit = await engine.fit(spec)
    const { steps: train, close } = fit
    open.add(fit)
    fit.steps = (count) => {
      steps.push(count)
      return train.call(fit, count)
    }
    fit.close = () => {
      open.delete(fit)
      close.call(fit)
    }
    return fit
  }
  return watching
}

describe.each(['mf', 'lgn'] as const)('timing epochs of %s', (backbone) => {
  it('takes whole epochs where they fit, and frees every run', async () => {
    const open = new Set<Fit>()
    const steps: number[] = []
    const methods = sides(backbone)
    const effort = { rounds: 2, secondsPerRound: 1000 }
    const measured = await timeEpochs(watched(open, steps), dataset, methods, effort, () => {})
    expect(measured.map(({ label }) => label)).toEqual(methods.map(({ label }) => label))
    for (const { label, stepsPerEpoch, stepsPerRound, extrapolated, secondsPerEpoch, ratio } of measured) {
      expect({ stepsPerRound, extrapolated }, label).toEqual({ stepsPerRound: stepsPerEpoch, extrapolated: false })
      expect(secondsPerEpoch.values).toHaveLength(2)
      expect(ratio).toBeGreaterThan(0)
    }
    expect(measured[0]?.ratio).toBe(1)
    const epoch = measured[0]?.stepsPerEpoch
    // After the warm-up: two rounds of each.
    expect(steps.slice(-2 * methods.length)).toEqual(Array(2 * methods.length).fill(epoch))
    expect(open.size).toBe(0)
  })

  it('samples steps where they do not, and says so', async () => {
    const methods = sides(backbone).slice(0, 2)
    const measured = await timeEpochs(engine, dataset, methods, { rounds: 1, secondsPerRound: 0 }, () => {})
    for (const { extrapolated, stepsPerRound, stepsPerEpoch } of measured) {
      expect(stepsPerRound).toBeGreaterThan(0)
      expect(extrapolated).toBe(stepsPerRound < stepsPerEpoch)
    }
    if (backbone === 'lgn') expect(measured[0]?.stepsPerRound).toBe(1)
  })
})

it('frees every run where it is stopped', async () => {
  const open = new Set<Fit>()
  const stop = (text: string): void => {
    if (text.startsWith('round')) throw new Error('stopped')
  }
  const effort = { rounds: 1, secondsPerRound: 0 }
  await expect(timeEpochs(watched(open, []), dataset, sides('mf'), effort, stop)).rejects.toThrow('stopped')
  expect(open.size).toBe(0)
})

it('shows a group as a table', () => {
  const side = (
    label: string,
    method: 'original' | 'dice',
    seconds: number,
    paperSeconds: number,
    extrapolated: boolean,
  ) => ({
    label,
    method,
    stepsPerEpoch: 7501,
    stepsPerRound: extrapolated ? 64 : 7501,
    extrapolated,
    setupSeconds: 1,
    secondsPerEpoch: {
      median: seconds,
      minimum: seconds,
      quartiles: [seconds, seconds + 1] as const,
      values: [seconds],
    },
    ratio: seconds / 2,
    paperSeconds,
  })
  const text = describeGroup({
    dataset: 'ml10m',
    source: 'real',
    backbone: 'mf',
    batch: 128,
    batchOf: 'paper',
    methods: [side('original', 'original', 2, 47, false), side('dice', 'dice', 5, 124, true)],
  })
  expect(text).toMatchInlineSnapshot(`
    "MovieLens-10M, MF, 128 positives × 4 negatives (the paper’s batch): seconds per epoch [half of the rounds], beside the paper’s on a V100
                        seconds  × original  V100 seconds  V100 × original  V100 / here  set-up
    original  2.00 [2.00, 3.00]        1.00            47             1.00         23.5    1.00
    dice ~    5.00 [5.00, 6.00]        2.50           124             2.64         24.8    1.00
    ~ extrapolated from rounds of 64 of 7501 steps
    "
  `)
})
