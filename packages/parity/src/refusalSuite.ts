import type { Engine } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { randomSpec } from './randomRun.ts'

/** What cannot be trained is refused, with the seam's own words. */
export function refusalSuite(engine: () => Engine): void {
  test('a run that no engine could train is refused', async () => {
    await expect(engine().fit(randomSpec({ batch: 0 }))).rejects.toThrow(
      'batch is 0; expected a whole number from 1 to 65536',
    )
    await expect(engine().fit(randomSpec({ dimension: 6 }))).rejects.toThrow('dimension is 6; expected a multiple of 4')
  })

  test('a state of another run is refused', async () => {
    const fit = await engine().fit(randomSpec())
    const { table, slots, step } = await fit.read()
    await expect(fit.restore({ step: 1, table: new Float32Array(3), slots: {} })).rejects.toThrow(
      /the state's table has 3 numbers; expected \d+: it belongs to another run/,
    )
    await expect(fit.restore({ step, table, slots: { ...slots, v: new Float32Array(4) } })).rejects.toThrow(
      /the state's v has 4 numbers; expected \d+: it belongs to another run/,
    )
    fit.close()
  })
}
