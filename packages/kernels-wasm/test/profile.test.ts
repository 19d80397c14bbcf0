import { canProfile, type FitSpec, type Profile } from '@gradrec/engine'
import { ADAM, randomInteractions, randomSpec } from '@gradrec/parity'
import { afterAll, describe, expect, test } from 'vitest'
import { openWasmEngine } from '../src/index.ts'

const engines = {
  'two threads': await openWasmEngine({ threads: 2 }),
  'the caller’s thread': await openWasmEngine({ run: 'caller' }),
}
afterAll(async () => {
  for (const engine of Object.values(engines)) await engine.close()
})

const popularity = new Uint32Array(45).fill(3)
const dice = { kind: 'dice', l2: 0, popularity, interest: 0.1, conformity: 0.1, decay: 0.9 } as const
const macr = { kind: 'macr', l2: 0, itemWeight: 0.1, userWeight: 0.1 } as const
const lgn = { kind: 'lgn', layers: 2 } as const
const plan = ['sampleStep', 'groupStep']
const layers = ['scaleTable', 'forwardLayer', 'lastForwardLayer']
const back = ['clearGradients', 'sumFinalGradients', 'firstBackwardLayer', 'backwardLayer']

const CASES: readonly (readonly [string, Partial<FitSpec>, readonly string[]])[] = [
  ['mf, sgd', { optimizer: { kind: 'sgd', learningRate: 0.1, weightDecay: 0 } }, ['score', 'updateRuns']],
  ['mf, dense', {}, ['markRows', 'score', 'updateAllRows']],
  ['mf, dense, recording', { recording: 'vector' }, ['markRows', 'score', 'recordItems', 'updateAllRows']],
  [
    'mf, lazy',
    { optimizer: { ...ADAM, update: 'lazy' } },
    ['linkTouches', 'catchUpFirst', 'score', 'updateRuns', 'catchUpAll'],
  ],
  [
    'mf, dice with distance correlation',
    { objective: { ...dice, discrepancy: { kind: 'dCor', weight: 0.01 } } },
    ['markRows', 'scoreDice', 'packRows', 'sumTiles', 'averageRows', 'distanceGradients', 'updateAllRows'],
  ],
  ['mf, macr', { objective: macr }, ['markRows', 'scoreMacr', 'updateAllRows']],
  ['lgn, macr', { backbone: lgn, objective: macr }, [...layers, 'scoreMacr', 'updateTowers', ...back]],
  ['lgn', { backbone: lgn }, [...layers, 'score', ...back]],
  [
    'lgn, one layer',
    { backbone: { ...lgn, layers: 1 } },
    ['scaleTable', 'lastForwardLayer', 'score', ...back.slice(0, 3)],
  ],
  ['lgn, dropout', { backbone: { ...lgn, dropout: 0.25 } }, ['markRows', ...layers, 'score', ...back]],
  ['lgn, recording', { backbone: lgn, recording: 'gradient' }, [...layers, 'score', 'recordItems', ...back]],
]

const spec = (changes: Partial<FitSpec>): FitSpec =>
  randomSpec({ interactions: randomInteractions(60, 45, 500), batch: 90, dimension: 16, ...changes })

const nothingElse = (names: readonly string[]): string[] => [...plan, ...names, 'sumLosses', 'host'].toSorted()

describe.each(Object.entries(engines))('a profile on %s', (_, engine) => {
  test.each(CASES)('%s: the same bits, and every phase', async (__, changes, names) => {
    const [plain, profiled] = [await engine.fit(spec(changes)), await engine.fit(spec(changes))]
    if (!canProfile(profiled)) throw new Error('the engine’s fits say where their time goes')
    const count = plain.stepsPerEpoch + 1
    for (const steps of [count, 2]) await plain.steps(steps)
    const profile = await profiled.profile(count)
    await profiled.steps(2)
    expect(await profiled.read()).toEqual(await plain.read())
    expect(profile).toMatchObject({ steps: count, clock: 'host' })
    expect(profile.kernels.map(({ kernel }) => kernel).toSorted()).toEqual(nothingElse(names))
    for (const { milliseconds, calls } of profile.kernels) {
      expect(milliseconds).toBeGreaterThanOrEqual(0)
      expect(milliseconds).toBeLessThan(60_000)
      expect(calls).toBeGreaterThan(0)
    }
    expect(
      callsOf(
        profile,
        names.find((name) => name.startsWith('score')),
      ),
    ).toBe(count)
    expect(profile.kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0)).toBeGreaterThan(0)
    for (const fit of [plain, profiled]) fit.close()
  })

  test('sums are of one profile alone', async () => {
    const fit = await engine.fit(spec({}))
    if (!canProfile(fit)) throw new Error('the engine’s fits say where their time goes')
    await fit.profile(7)
    expect(callsOf(await fit.profile(2), 'score')).toBe(2)
    expect((await fit.profile(0)).kernels).toEqual([])
    fit.close()
  })
})

function callsOf({ kernels }: Profile, name: string | undefined): number | undefined {
  return kernels.find(({ kernel }) => kernel === name)?.calls
}
