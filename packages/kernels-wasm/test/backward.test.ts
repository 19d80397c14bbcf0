import { canProfile, type FitSpec } from '@gradrec/engine'
import { openOracleEngine } from '@gradrec/oracle'
import { expectClose, randomInteractions, randomSpec } from '@gradrec/parity'
import { afterAll, expect, test } from 'vitest'
import { openWasmEngine } from '../src/index.ts'

const [one, two] = [await openWasmEngine({ threads: 1 }), await openWasmEngine({ threads: 2 })]
afterAll(async () => {
  await one.close()
  await two.close()
})

// Few items and many users, so that a step may have most items and few users.
const interactions = randomInteractions(600, 20, 3000)
const spec = (changes: Partial<FitSpec>): FitSpec =>
  randomSpec({ interactions, dimension: 40, backbone: { kind: 'lgn', layers: 2 }, ...changes })

test.each([
  ['lists for all rows', { batch: 1 }, false],
  ['sums over all for users, lists for items', { batch: 60 }, true],
  ['sums over all for all rows', { batch: interactions.columns.length }, true],
  ['one layer', { batch: 60, backbone: { kind: 'lgn', layers: 1 } }, true],
  [
    'three layers with dropout and self-loops',
    { batch: 60, backbone: { kind: 'lgn', layers: 3, dropout: 0.25, selfLoops: true } },
    true,
  ],
] as const)(
  'the first layer back agrees with the formulas, the same bits with any number of threads: %s',
  async (_, changes, sums) => {
    const [fit, other, oracle] = [
      await one.fit(spec(changes)),
      await two.fit(spec(changes)),
      await openOracleEngine().fit(spec(changes)),
    ]
    if (!canProfile(fit)) throw new Error('the engine’s fits say where their time goes')
    const { kernels } = await fit.profile(5)
    expect(kernels.some(({ kernel }) => kernel === 'clearGradients')).toBe(sums)
    await other.steps(5)
    await oracle.steps(5)
    const { table } = await fit.read()
    expect((await other.read()).table).toEqual(table)
    expectClose(table, (await oracle.read()).table, { absolute: 2e-5, relative: 1e-4 })
    for (const each of [fit, other, oracle]) each.close()
  },
)
