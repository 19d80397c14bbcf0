import type { Arms, Csr, DiceObjective, Engine, FitSpec, FitState } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { itemNumbers, type ItemNumbers } from './itemNumbers.ts'
import { ADAM, randomArms, randomInteractions, randomSpec, randomValues } from './randomRun.ts'

/** What a run changes of `randomSpec`; some of it has a number for each item of its interactions. */
type Run = (interactions: Csr) => Partial<FitSpec>

const MACR = { kind: 'macr', l2: 0.01, itemWeight: 0.8, userWeight: 0.6 } as const

function dice({ popularity }: ItemNumbers, kind: DiceObjective['discrepancy']['kind']): DiceObjective {
  const discrepancy = { kind, weight: 2 } as const
  return { kind: 'dice', l2: 0.01, popularity, interest: 0.6, conformity: 0.8, decay: 0.5, discrepancy }
}

/** As many users as there are, and as many items, half in either arm. */
function inArms(users: Arms['users'], { rows, columnCount, columns }: Csr): Partial<FitSpec> {
  return {
    interactions: randomArms(users, rows, Math.floor(columnCount / 2), columns.length),
    arms: { users, discrepancy: { kind: 'l2', weight: 5 } },
  }
}

const RUNS: readonly (readonly [string, Run])[] = [
  ['mf', () => ({})],
  ['mf, sgd', () => ({ optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0 } })],
  ['lgn', () => ({ backbone: { kind: 'lgn', layers: 2 } })],
  [
    'mf, bce, unit user norm, elu link, numbers by item, recording, distinct negatives',
    (interactions) => {
      const { scoreFactors, lossWeights } = itemNumbers(interactions)
      return {
        objective: { kind: 'bce', l2: 0.01, userNorm: 'unit', link: 'elu', scoreFactors, lossWeights },
        recording: 'gradient',
        sampler: { positives: 'interaction', negatives: 3, distinct: true },
      }
    },
  ],
  [
    'lgn with options, unit user norm, recording',
    () => ({
      backbone: { kind: 'lgn', layers: 2, selfLoops: true, degreeExponent: 0.3, dropout: 0.2 },
      objective: { kind: 'bpr', l2: 0.01, userNorm: 'unit' },
      recording: 'vector',
    }),
  ],
  [
    'mf, dice, l2, distinct negatives by margin',
    (interactions) => {
      const numbers = itemNumbers(interactions)
      const margin = { popularity: numbers.popularity, margin: 5, decay: 0.6, pool: 3, downRule: 'half' } as const
      return {
        objective: dice(numbers, 'l2'),
        sampler: { positives: 'interaction', negatives: 3, distinct: true, margin },
      }
    },
  ],
  ['lgn, macr', () => ({ backbone: { kind: 'lgn', layers: 2 }, objective: MACR })],
  [
    'mf, arms, bce, negative weight',
    (interactions) => ({
      ...inArms('shared', interactions),
      objective: { kind: 'bce', l2: 0.01, negativeWeight: 3 },
    }),
  ],
  [
    'lgn, arms, users apart',
    (interactions) => ({ ...inArms('apart', interactions), backbone: { kind: 'lgn', layers: 2 } }),
  ],
]

const LAZY = { batch: 4, optimizer: { ...ADAM, update: 'lazy' } } as const

const LAZY_RUNS: readonly (readonly [string, Run])[] = [
  ['mf, lazy', () => LAZY],
  [
    'mf, lazy, unit user norm, recording',
    () => ({ ...LAZY, objective: { kind: 'bpr', l2: 0.01, userNorm: 'unit' }, recording: 'vector' }),
  ],
  ['mf, lazy, macr', () => ({ ...LAZY, objective: MACR })],
  [
    'mf, lazy, dice, distance correlation',
    (interactions) => ({ ...LAZY, objective: dice(itemNumbers(interactions), 'dCor') }),
  ],
]

/** The run's spec, over a few interactions. */
function smallSpec(run: Run): FitSpec {
  return randomSpec(run(randomSpec().interactions))
}

/**
 * The same spec gives the same bits: twice, however the steps are asked for, across a restore, and on every engine of
 * `others`, which differ only in how the work is shared out.
 */
export function sameBitsSuite(engine: () => Engine, others: Readonly<Record<string, () => Promise<Engine>>>): void {
  const trained = async (on: Engine, spec: FitSpec, steps: number): Promise<FitState & { lossSum: number }> => {
    const fit = await on.fit(spec)
    const { lossSum } = await fit.steps(steps)
    const state = await fit.read()
    fit.close()
    return { ...state, lossSum }
  }

  test.each([...RUNS, ...LAZY_RUNS])('%s: the same bits twice', async (_, run) => {
    const spec = smallSpec(run)
    expect(await trained(engine(), spec, 19)).toEqual(await trained(engine(), spec, 19))
  })

  test.each(RUNS)('%s: the same bits however the steps are asked for, and across a restore', async (_, run) => {
    const spec = smallSpec(run)
    const whole = await engine().fit(spec)
    await whole.steps(17)
    const expected = await whole.read()

    const parts = await engine().fit(spec)
    for (const count of [1, 7, 0, 3]) await parts.steps(count)
    const middle = await parts.read()
    expect(middle.step).toBe(11)
    await parts.steps(6)
    expect(await parts.read()).toEqual(expected)

    const resumed = await engine().fit(spec)
    await resumed.restore(middle)
    expect(resumed.step).toBe(11)
    await resumed.steps(6)
    expect(await resumed.read()).toEqual(expected)
    for (const fit of [whole, parts, resumed]) fit.close()
  })

  const PORTIONS = 'the same bits for the same portions, also when read and resumed at an epoch’s end'
  test.each(LAZY_RUNS)(`%s: ${PORTIONS}`, async (_, run) => {
    const spec = smallSpec(run)
    const [whole, portions] = [await engine().fit(spec), await engine().fit(spec)]
    const { stepsPerEpoch: epoch, stepsAtOnce } = whole
    expect(epoch).toBeGreaterThan(stepsAtOnce)
    await whole.steps(3 * epoch)
    for (let step = 0; step < epoch; step += stepsAtOnce) await portions.steps(Math.min(stepsAtOnce, epoch - step))
    const resumed = await engine().fit(spec)
    await resumed.restore(await portions.read())
    await resumed.steps(2 * epoch)
    expect(await resumed.read()).toEqual(await whole.read())
    for (const fit of [whole, portions, resumed]) fit.close()
  })

  const RATES = 'the same bits with a rate changed at an epoch’s end, also when read and resumed there'
  test.each([...RUNS, ...LAZY_RUNS])(`%s: ${RATES}`, async (_, run) => {
    const spec = smallSpec(run)
    const [whole, read] = [await engine().fit(spec), await engine().fit(spec)]
    const { stepsPerEpoch: epoch } = whole
    const rate = spec.optimizer.learningRate / 3
    for (const fit of [whole, read]) await fit.steps(epoch)
    const before = await read.read()
    for (const fit of [whole, read]) await fit.setLearningRate(rate)
    const state = await read.read()
    expect(state.learningRate).toBe(rate)
    expect(state).toEqual({ ...before, learningRate: rate })

    const resumed = await engine().fit(spec)
    await resumed.restore(state)
    for (const fit of [whole, read, resumed]) await fit.steps(epoch)
    const expected = await whole.read()
    expect(await read.read()).toEqual(expected)
    expect(await resumed.read()).toEqual(expected)

    // An older state brings the older rate back.
    const unchanged = await engine().fit(spec)
    await unchanged.restore(before)
    await resumed.restore(before)
    for (const fit of [unchanged, resumed]) await fit.steps(epoch)
    expect(await resumed.read()).toEqual(await unchanged.read())
    expect((await resumed.read()).learningRate).toBe(spec.optimizer.learningRate)
    expect((await resumed.read()).table).not.toEqual(expected.table)
    for (const fit of [whole, read, resumed, unchanged]) fit.close()
  })

  for (const [name, open] of Object.entries(others)) {
    test(`the same bits with ${name}`, async () => {
      const other = await open()
      try {
        // Large enough that several threads get some of it.
        const interactions = randomInteractions(700, 300, 9000)
        for (const [, run] of [...RUNS, ...LAZY_RUNS]) {
          const changes = run(interactions)
          const spec = randomSpec({ interactions, ...changes, batch: 'optimizer' in changes ? 300 : 512 })
          expect(await trained(other, spec, 40)).toEqual(await trained(engine(), spec, 40))
        }
        const users = { rows: 150, dimension: 16, values: randomValues(150 * 16, 5) }
        const items = { rows: 700, dimension: 16, values: randomValues(700 * 16, 6) }
        const options = { k: 30, exclude: randomInteractions(150, 700, 900) }
        expect(await other.rank(users, items, options)).toEqual(await engine().rank(users, items, options))
        const weights = [7, 8].map((stream) => ({ rows: 150, dimension: 2, values: randomValues(300, stream) }))
        const corrections = { items: { rows: 700, dimension: 2, values: randomValues(1400, 9) }, users: weights }
        expect(await other.rankVariants(users, items, corrections, options)).toEqual(
          await engine().rankVariants(users, items, corrections, options),
        )
      } finally {
        await other.close()
      }
    })
  }
}
