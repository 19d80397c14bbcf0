import type { Arms, DiceObjective, Engine, FitSpec, PopularityMargin } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { itemNumbers } from './itemNumbers.ts'
import { ADAM, randomArms, randomSpec } from './randomRun.ts'

const { popularity } = itemNumbers(randomSpec().interactions)
const DICE: DiceObjective = {
  kind: 'dice',
  l2: 0,
  popularity,
  interest: 0.1,
  conformity: 0.1,
  decay: 0.9,
  discrepancy: { kind: 'l1', weight: 0.01 },
}
const MACR = { kind: 'macr', l2: 0, itemWeight: 0.1, userWeight: 0.1 } as const

const ARMS: Arms = { users: 'shared', discrepancy: { kind: 'l2', weight: 0.01 } }

function byMargin(changes: Partial<PopularityMargin>): Partial<FitSpec> {
  const margin: PopularityMargin = { popularity, margin: 4, decay: 0.9, pool: 4, downRule: 'half', ...changes }
  return { sampler: { positives: 'interaction', negatives: 2, margin } }
}

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

  test.each<readonly [string, Partial<FitSpec>, string]>([
    ['dice, width 12', { objective: DICE, dimension: 12 }, 'dimension is 12 with dice; expected a multiple of 8'],
    [
      'dice, counts of other items',
      { objective: { ...DICE, popularity: popularity.slice(1) } },
      'popularity has 44 numbers; expected one for each of the 45 items',
    ],
    [
      'dice, recording',
      { objective: DICE, recording: 'gradient' },
      'recording is "gradient" with dice; expected "none", or the objective bpr or bce',
    ],
    ['dice, no decay', { objective: { ...DICE, decay: 0 } }, 'decay is 0; expected a number above 0, at most 1'],
    [
      'macr, recording',
      { objective: MACR, recording: 'vector' },
      'recording is "vector" with macr; expected "none", or the objective bpr or bce',
    ],
    [
      'macr, a table without towers',
      { objective: MACR, initialTable: randomSpec().initialTable },
      'initialTable has 840 numbers; expected (users + items + 2) × dimension = 856',
    ],
    [
      'a table with towers, not macr',
      { initialTable: randomSpec({ objective: MACR }).initialTable },
      'initialTable has 856 numbers; expected (users + items) × dimension = 840',
    ],
    [
      'a score factor of zero',
      { objective: { kind: 'bpr', l2: 0, scoreFactors: new Float32Array(45).fill(1, 0, 44) } },
      'scoreFactors[44] is 0; expected a number above 0',
    ],
    [
      'a loss weight below zero',
      { objective: { kind: 'bce', l2: 0, lossWeights: new Float32Array(45).fill(-1, 7, 8) } },
      'lossWeights[7] is -1; expected a number, 0 or more',
    ],
    ['a pool beyond the catalogue', byMargin({ pool: 46 }), 'pool is 46; expected a whole number from 1 to 45'],
    [
      'a margin by counts of other items',
      byMargin({ popularity: new Uint32Array(46) }),
      'popularity has 46 numbers; expected one for each of the 45 items',
    ],
    [
      'a weight of negatives with bpr',
      { objective: { kind: 'bpr', l2: 0, negativeWeight: 2 } },
      'negativeWeight is 2 with bpr; expected it with bce only',
    ],
    ['arms of 45 columns', { arms: ARMS }, '45 columns with arms; expected an even number'],
    [
      'arms apart with users in both',
      { interactions: randomArms('shared', 60, 23, 400), arms: { ...ARMS, users: 'apart' } },
      'expected none with users apart',
    ],
  ])('%s: refused', async (_, changes, refusal) => {
    await expect(engine().fit(randomSpec(changes))).rejects.toThrow(refusal)
  })

  test('a state without towers is refused by a run with them', async () => {
    const [towers, plain] = [await engine().fit(randomSpec({ objective: MACR })), await engine().fit(randomSpec())]
    await expect(towers.restore(await plain.read())).rejects.toThrow(
      "the state's table has 840 numbers; expected 856: it belongs to another run",
    )
    await expect(plain.restore(await towers.read())).rejects.toThrow(
      "the state's table has 856 numbers; expected 840: it belongs to another run",
    )
    for (const fit of [towers, plain]) fit.close()
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
