import type { Engine, Fit, FitSpec } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { expectClose } from './closeTo.ts'
import { itemNumbers } from './itemNumbers.ts'
import { ADAM, randomInteractions, randomSpec, randomValues } from './randomRun.ts'
import { RUNS } from './runs.ts'
import { allVariants, refusedVariants } from './variants.ts'

const oracle = openOracleEngine()

/** Stated tolerance: 2e-5 absolute on tables whose entries are of order 0.1 to 1, after some twenty steps. */
const TOLERANCE = { absolute: 2e-5, relative: 1e-4 } as const
const SLOT_TOLERANCE = { absolute: 1e-5, relative: 1e-3 } as const

/** Training agrees with the oracle: losses, tables, moments, records and embeddings. */
export function fitSuite(engine: () => Engine): void {
  const agrees = async (changes: Partial<FitSpec>, steps: number): Promise<void> => {
    const spec = randomSpec(changes)
    const fit = await engine().fit(spec)
    const reference = await oracle.fit(spec)
    expect(fit.stepsPerEpoch).toBe(reference.stepsPerEpoch)
    const [found, expected] = [await fit.steps(steps), await reference.steps(steps)]
    expect({ ...found, lossSum: 0 }).toEqual({ ...expected, lossSum: 0 })
    expectClose([found.lossSum], [expected.lossSum])
    expect(fit.step).toBe(steps)
    await expectSameRun(fit, reference)
    fit.close()
  }

  test.each(allVariants())('%s: agrees with the oracle', async (_, changes) => {
    await agrees(changes, 13)
  })

  test.each(refusedVariants())('%s: refused', async (_, changes, refusal) => {
    await expect(engine().fit(randomSpec(changes))).rejects.toThrow(refusal)
  })

  test.each(RUNS)('%s: agrees with the oracle after 23 steps', async (_, changes) => {
    await agrees(changes, 23)
  })

  test.each<readonly [string, Partial<FitSpec>]>([
    ['bpr', {}],
    ['bce, unit user norm, recording', { objective: { kind: 'bce', l2: 0.01, userNorm: 'unit' }, recording: 'vector' }],
    ['macr', { objective: { kind: 'macr', l2: 0.01, itemWeight: 0.8, userWeight: 0.6 } }],
  ])('the largest batch, on rows that repeat thousands of times, agrees with the oracle: %s', async (_, changes) => {
    const interactions = randomInteractions(400, 700, 400_000)
    const sampler = { positives: 'user', negatives: 1 } as const
    await agrees({ interactions, dimension: 4, batch: 65_536, sampler, ...changes }, 2)
  })

  test('the distance correlation of some six hundred rows a step agrees with the oracle', async () => {
    const interactions = randomInteractions(900, 700, 9000)
    const { popularity } = itemNumbers(interactions)
    const discrepancy = { kind: 'dCor', weight: 2 } as const
    const dice = {
      kind: 'dice',
      l2: 0.01,
      popularity,
      interest: 0.6,
      conformity: 0.8,
      decay: 0.5,
      discrepancy,
    } as const
    // Sums of 360,000 float32 terms, added up one by one, are off by 1e-5 of themselves: gradient descent stays within a ninth of the
    // tolerance. Adam's first steps divide each number by its own size, which makes more of the smallest ones' errors than that.
    const optimizer = { kind: 'sgd', learningRate: 5, weightDecay: 0 } as const
    await agrees({ interactions, batch: 700, objective: dice, optimizer }, 3)
  })

  test('a user whose propagated vector is zero scores zero and gets no gradient with unit norm', async () => {
    // Users 1 to 5 and all items start at zero, so that after one layer these users have nothing but zeros.
    const initialTable = randomValues(105 * 8, 77, 0.5)
      .fill(0, 8, 6 * 8)
      .fill(0, 60 * 8)
    const objective = { kind: 'bpr', l2: 0.01, userNorm: 'unit' } as const
    const optimizer = { kind: 'sgd', learningRate: 0.5, weightDecay: 0 } as const
    const backbone = { kind: 'lgn', layers: 1 } as const
    await agrees({ backbone, objective, optimizer, recording: 'gradient', initialTable }, 1)
  })

  test.each<readonly [string, Partial<FitSpec>]>([
    ['mf, adam', { recording: 'vector' }],
    ['mf, lazy adam', { recording: 'gradient', optimizer: { ...ADAM, update: 'lazy' } }],
    ['mf, sgd', { optimizer: { kind: 'sgd', learningRate: 0.5, weightDecay: 0.01 } }],
    ['lgn, amsgrad', { backbone: { kind: 'lgn', layers: 2 }, optimizer: { ...ADAM, amsgrad: true } }],
  ])('%s: follows a schedule of learning rates like the oracle', async (_, changes) => {
    const spec = randomSpec(changes)
    const [fit, reference] = [await engine().fit(spec), await oracle.fit(spec)]
    const rate = spec.optimizer.learningRate
    // At the beginning, at an epoch's end, and in the middle of one.
    const schedule: [number, number][] = [
      [0.7 * rate, fit.stepsPerEpoch],
      [0.1 * rate, fit.stepsPerEpoch + 3],
      [2 * rate, fit.stepsPerEpoch],
    ]
    for (const [learningRate, steps] of schedule) {
      for (const run of [fit, reference]) {
        await run.setLearningRate(learningRate)
        await run.steps(steps)
      }
      await expectSameRun(fit, reference)
    }
    fit.close()
  })

  test('lazy adam stays within float32 rounding of dense adam over thousands of steps', async () => {
    // Rows touched very unevenly: some in almost every step, many once in a thousand.
    const longRun = (update: 'dense' | 'lazy'): FitSpec =>
      randomSpec({
        interactions: randomInteractions(300, 900, 4000),
        batch: 2,
        sampler: { positives: 'interaction', negatives: 1 },
        optimizer: { ...ADAM, learningRate: 1e-3, update },
      })
    const reference = await oracle.fit(longRun('dense'))
    const [lazy, dense] = [await engine().fit(longRun('lazy')), await engine().fit(longRun('dense'))]
    for (const fit of [reference, lazy, dense]) await fit.steps(3000)
    const expected = await reference.read()
    const worst = (found: Float32Array): number =>
      found.reduce((most, value, n) => Math.max(most, Math.abs(value - expected.table[n]!)), 0)
    const [lazyState, denseState] = [await lazy.read(), await dense.read()]
    // Tables move by about 0.1 here; both round to float32 at every update.
    expect(worst(lazyState.table)).toBeLessThan(2e-6)
    expect(worst(lazyState.table)).toBeLessThan(1.5 * worst(denseState.table))
    // Of m, what positives and negatives leave of each other, the rounding is that of the gradients in it, of order 0.1.
    for (const [slot, absolute] of [
      ['m', 1e-8],
      ['v', 1e-9],
    ] as const) {
      expectClose(lazyState.slots[slot]!, expected.slots[slot]!, { relative: 1e-4, absolute })
    }
    for (const fit of [lazy, dense]) fit.close()
  })
}

/** Fails where two fits of the same spec differ by more than the tolerance in anything that can be read of them. */
async function expectSameRun(fit: Fit, reference: Fit): Promise<void> {
  const [state, expected] = [await fit.read(), await reference.read()]
  expect(state.step).toBe(expected.step)
  expect(state.learningRate).toBe(expected.learningRate)
  expectClose(state.table, expected.table, TOLERANCE)
  expect(Object.keys(state.slots).toSorted()).toEqual(Object.keys(expected.slots).toSorted())
  for (const [name, values] of Object.entries(expected.slots)) {
    expectClose(state.slots[name] ?? [], values, name.startsWith('recorded') ? recordTolerance(values) : SLOT_TOLERANCE)
  }
  const [embeddings, expectedEmbeddings] = [await fit.embeddings(), await reference.embeddings()]
  for (const side of ['users', 'items'] as const) {
    expect({ ...embeddings[side], values: 0 }).toEqual({ ...expectedEmbeddings[side], values: 0 })
    expectClose(embeddings[side].values, expectedEmbeddings[side].values, TOLERANCE)
  }
}

/** Records are sums over the whole run: their rounding is of the size of what was added, not of what is left. */
function recordTolerance(values: Float32Array): { readonly absolute: number; readonly relative: number } {
  return { absolute: 1e-4 * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0), relative: 0 }
}
