import { checkFitSpec, type Engine, type FitSpec } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { expectClose } from './closeTo.ts'
import { ADAM, randomInteractions, randomSpec } from './randomRun.ts'
import { RUNS } from './runs.ts'
import { allVariants } from './variants.ts'

const oracle = openOracleEngine()

/** Stated tolerance: 2e-5 absolute on tables whose entries are of order 0.1 to 1, after some twenty steps. */
const TOLERANCE = { absolute: 2e-5, relative: 1e-4 } as const

/** Training agrees with the oracle: losses, tables, moments and embeddings. */
export function fitSuite(engine: () => Engine): void {
  const agrees = async (changes: Partial<FitSpec>, steps: number): Promise<void> => {
    const spec = randomSpec(changes)
    const fit = await engine().fit(spec)
    const reference = await oracle.fit(spec)
    expect(fit.stepsPerEpoch).toBe(reference.stepsPerEpoch)
    const [found, expected] = [await fit.steps(steps), await reference.steps(steps)]
    expect({ ...found, lossSum: 0 }).toEqual({ ...expected, lossSum: 0 })
    expectClose([found.lossSum], [expected.lossSum])
    const [state, referenceState] = [await fit.read(), await reference.read()]
    expect(state.step).toBe(steps)
    expect(fit.step).toBe(steps)
    expectClose(state.table, referenceState.table, TOLERANCE)
    expect(Object.keys(state.slots)).toEqual(Object.keys(referenceState.slots))
    for (const [name, values] of Object.entries(referenceState.slots)) {
      expectClose(state.slots[name] ?? [], values, { absolute: 1e-5, relative: 1e-3 })
    }
    const [embeddings, referenceEmbeddings] = [await fit.embeddings(), await reference.embeddings()]
    for (const side of ['users', 'items'] as const) {
      expect({ ...embeddings[side], values: 0 }).toEqual({ ...referenceEmbeddings[side], values: 0 })
      expectClose(embeddings[side].values, referenceEmbeddings[side].values, TOLERANCE)
    }
    fit.close()
  }

  test.each(allVariants())('%s: agrees with the oracle, or is refused by every engine', async (_, changes) => {
    let refusal: Error | undefined
    try {
      checkFitSpec(randomSpec(changes))
    } catch (error) {
      refusal = error as Error
    }
    if (refusal === undefined) await agrees(changes, 13)
    else await expect(engine().fit(randomSpec(changes))).rejects.toThrow(refusal.message)
  })

  test.each(RUNS)('%s: agrees with the oracle after 23 steps', async (_, changes) => {
    await agrees(changes, 23)
  })

  test('the largest batch, on rows that repeat thousands of times, agrees with the oracle', async () => {
    const interactions = randomInteractions(400, 700, 400_000)
    await agrees({ interactions, dimension: 4, batch: 65_536, sampler: { positives: 'user', negatives: 1 } }, 2)
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
    for (const slot of ['m', 'v']) {
      expectClose(lazyState.slots[slot]!, expected.slots[slot]!, { relative: 1e-4, absolute: 1e-9 })
    }
    for (const fit of [lazy, dense]) fit.close()
  })
}
