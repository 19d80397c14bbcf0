import type { Engine } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { ADAM, randomSpec } from './randomRun.ts'

/** What cannot be trained is refused, with the seam's own words. */
export function refusalSuite(engine: () => Engine): void {
  test('a run that no engine could train is refused', async () => {
    await expect(engine().fit(randomSpec({ batch: 0 }))).rejects.toThrow(
      'batch is 0; expected a whole number from 1 to 65536',
    )
    await expect(engine().fit(randomSpec({ dimension: 6 }))).rejects.toThrow('dimension is 6; expected a multiple of 4')
    await expect(engine().fit(randomSpec({ backbone: { kind: 'lgn', layers: 2, dropout: 1 } }))).rejects.toThrow(
      'dropout is 1; expected a number from 0 up to, not including, 1',
    )
    await expect(engine().fit(randomSpec({ backbone: { kind: 'lgn', layers: 2, degreeExponent: 2 } }))).rejects.toThrow(
      'degreeExponent is 2; expected a number from 0 to 1',
    )
    await expect(engine().fit(randomSpec({ optimizer: { ...ADAM, learningRate: 0 } }))).rejects.toThrow(
      'learningRate is 0; expected a number above 0',
    )
  })

  test('a learning rate that no optimizer could have is refused, and the old one stays', async () => {
    const fit = await engine().fit(randomSpec())
    for (const bad of [0, -0.1, NaN, Infinity]) {
      await expect(fit.setLearningRate(bad)).rejects.toThrow(`learningRate is ${bad}; expected a number above 0`)
    }
    expect((await fit.read()).learningRate).toBe(ADAM.learningRate)
    fit.close()
  })

  test('a state of another run is refused', async () => {
    const fit = await engine().fit(randomSpec())
    const { slots, ...state } = await fit.read()
    await expect(fit.restore({ step: 1, learningRate: 0.01, table: new Float32Array(3), slots: {} })).rejects.toThrow(
      /the state's table has 3 numbers; expected \d+: it belongs to another run/,
    )
    await expect(fit.restore({ ...state, slots: { ...slots, v: new Float32Array(4) } })).rejects.toThrow(
      /the state's v has 4 numbers; expected \d+: it belongs to another run/,
    )
    fit.close()
  })

  test('a state without the record of a run that records is refused', async () => {
    const fit = await engine().fit(randomSpec({ recording: 'vector' }))
    await fit.steps(1)
    const state = await fit.read()
    const { recordedPositive: _, ...slots } = state.slots
    await expect(fit.restore({ ...state, slots })).rejects.toThrow(
      /the state's recordedPositive has no numbers; expected \d+: it belongs to another run/,
    )
    expect(await fit.read()).toEqual(state)
    fit.close()
  })
}
