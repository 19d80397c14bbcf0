import { csrFromPairs, stepsPerEpoch, type Arms, type Csr, type FitSpec, type PopularityMargin } from '@gradrec/engine'
import { sampleStep } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { itemNumbers } from './itemNumbers.ts'
import { randomArms, randomInteractions, randomSpec } from './randomRun.ts'

/** Rows of the table that `count` steps from step `first` on work on: for each positive the user, the item, the negatives. */
export type SampledRows = (spec: FitSpec, first: number, count: number) => Promise<readonly Uint32Array[]>

const { popularity } = itemNumbers(randomSpec().interactions)

function byMargin(
  changes: Partial<PopularityMargin> = {},
  sampler: Partial<FitSpec['sampler']> = {},
): Partial<FitSpec> {
  const margin: PopularityMargin = { popularity, margin: 5, decay: 0.6, pool: 3, downRule: 'half', ...changes }
  return { sampler: { positives: 'interaction', negatives: 5, margin, ...sampler } }
}

/** Runs with negatives by popularity: each branch of the rule, and what could go wrong with its numbers. */
const MARGIN_RUNS: readonly (readonly [string, Partial<FitSpec>])[] = [
  ['by margin, down by half', byMargin()],
  ['by margin, down by margin', byMargin({ downRule: 'margin' })],
  ['by margin, distinct', { ...byMargin({}, { distinct: true }), batch: 77 }],
  ['by margin, distinct, down by margin', { ...byMargin({ downRule: 'margin' }, { distinct: true }), batch: 77 }],
  ['by margin, users drawn', { ...byMargin({}, { positives: 'user', negatives: 2 }), batch: 33 }],
  ['by margin, the most negatives', { ...byMargin({}, { negatives: 64 }), batch: 20 }],
  [
    'by margin, the most distinct negatives, more than there are of a kind',
    { ...byMargin({ pool: 1 }, { negatives: 64, distinct: true }), batch: 20 },
  ],
  ['by margin, a pool of one', byMargin({ pool: 1, margin: 0, decay: 1 })],
  ['by margin, a pool of all items: all less popular where there are any', byMargin({ pool: 45 })],
  ['by margin, many less popular items needed, few more popular', byMargin({ pool: 20, margin: 0 })],
  ['by margin, no item more popular, nor less', byMargin({ popularity: popularity.map(() => 7) }, { distinct: true })],
  ['by margin, a margin beyond all counts', byMargin({ margin: 1e12, downRule: 'margin' })],
  ['by margin, no interactions counted', byMargin({ popularity: popularity.map(() => 0) })],
  [
    'by margin, counts up to 2^32 − 1',
    byMargin({ popularity: popularity.map((count) => 4294967295 - 90_000_000 * count), margin: 4e8, decay: 0.9 }),
  ],
  [
    'by margin, two items',
    {
      interactions: randomInteractions(9, 2, 30),
      batch: 4,
      ...byMargin({ popularity: Uint32Array.of(9, 1), margin: 1, pool: 1 }),
    },
  ],
]

function inArms(interactions: Csr, users: Arms['users'], sampler: Partial<FitSpec['sampler']> = {}): Partial<FitSpec> {
  return {
    interactions,
    arms: { users, discrepancy: { kind: 'none', weight: 0 } },
    sampler: { positives: 'interaction', negatives: 5, ...sampler },
  }
}

/** User 0 has all items of the control arm but one; user 1 all of the treatment arm but one; user 2 one in each; user 3 none. */
const NEARLY_ALL = csrFromPairs([0, 0, 0, 0, 1, 1, 1, 2, 2], [0, 1, 3, 6, 4, 6, 7, 0, 7], 4, 8)

/** Runs with negatives from the arm of the positive. */
const ARM_RUNS: readonly (readonly [string, Partial<FitSpec>])[] = [
  ['in arms', inArms(randomArms('shared', 60, 23, 400), 'shared')],
  ['in arms, users apart', { ...inArms(randomArms('apart', 60, 23, 400), 'apart'), batch: 77 }],
  [
    'in arms, distinct, users drawn',
    {
      ...inArms(randomArms('shared', 60, 23, 400), 'shared', { positives: 'user', negatives: 4, distinct: true }),
      batch: 33,
    },
  ],
  [
    // Of 72 items an arm, some users have more than eight and some fewer.
    'in arms, the most distinct negatives, and more than some users have left in an arm',
    { ...inArms(randomArms('shared', 60, 72, 600), 'shared', { negatives: 64, distinct: true }), batch: 20 },
  ],
  ['in arms, all but one item of an arm', { ...inArms(NEARLY_ALL, 'shared'), batch: 4 }],
  [
    'in arms, all but one item of an arm, distinct',
    { ...inArms(NEARLY_ALL, 'shared', { negatives: 3, distinct: true }), batch: 4 },
  ],
  ['in arms, two items an arm', { ...inArms(randomArms('shared', 9, 2, 30), 'shared'), batch: 4 }],
]

/**
 * Declares, in a vitest file, the tests of an engine's sampling: the oracle's triples, bit for bit. Sampling is inside the
 * seam's `steps`, so each engine brings its own way to look at it.
 */
export function sampleSuite(sampledRows: SampledRows): void {
  test.each<readonly [string, Partial<FitSpec>]>([
    ['one positive', { batch: 1, sampler: { positives: 'interaction', negatives: 1 } }],
    ['a short last batch', { batch: 77, sampler: { positives: 'interaction', negatives: 3 } }],
    ['four negatives at once', { batch: 77, sampler: { positives: 'interaction', negatives: 4 } }],
    ['the whole data as one batch', { batch: randomInteractions(60, 45, 500).columns.length, seed: 0 }],
    ['odd negatives', { batch: 20, sampler: { positives: 'interaction', negatives: 63 } }],
    ['the most negatives', { batch: 20, sampler: { positives: 'interaction', negatives: 64 } }],
    ['users without replacement', { batch: 33, sampler: { positives: 'user', negatives: 5 } }],
    ['more slots than users', { batch: 200, sampler: { positives: 'user', negatives: 2 } }],
    ['the largest seed', { seed: Number.MAX_SAFE_INTEGER }],
    ['one distinct negative', { sampler: { positives: 'interaction', negatives: 1, distinct: true } }],
    ['distinct negatives', { batch: 77, sampler: { positives: 'interaction', negatives: 5, distinct: true } }],
    ['distinct negatives of users', { batch: 33, sampler: { positives: 'user', negatives: 8, distinct: true } }],
    [
      // Of 72 items, some users have more than eight and some fewer.
      'the most distinct negatives, and more than some users have items left',
      {
        interactions: randomInteractions(60, 72, 500),
        batch: 20,
        sampler: { positives: 'interaction', negatives: 64, distinct: true },
      },
    ],
    [
      'distinct negatives among few items',
      {
        interactions: randomInteractions(80, 6, 300),
        batch: 90,
        sampler: { positives: 'interaction', negatives: 3, distinct: true },
      },
    ],
    ['two items only', { interactions: randomInteractions(9, 2, 30), batch: 4 }],
    ...MARGIN_RUNS,
    ...ARM_RUNS,
  ])('draws the same triples as the oracle, bit for bit: %s', async (_, changes) => {
    const spec = randomSpec(changes)
    const first = stepsPerEpoch(spec) - 1
    const sampled = await sampledRows(spec, first, 3)
    expect(sampled.length).toBe(3)
    for (const [index, rows] of sampled.entries()) expect([...rows]).toEqual(sampledInOracle(spec, first + index))
  })

  test('draws by the margin of each epoch, also where one ends among the steps asked for', async () => {
    const spec = randomSpec({ batch: 120, ...byMargin({ margin: 12, decay: 0.7 }) })
    const epoch = stepsPerEpoch(spec)
    expect(epoch).toBeLessThan(6)
    const sampled = await sampledRows(spec, 2 * epoch - 1, 2 * epoch + 2)
    for (const [n, rows] of sampled.entries()) expect([...rows]).toEqual(sampledInOracle(spec, 2 * epoch - 1 + n))
  })

  test('does not depend on how steps are grouped', async () => {
    const spec = randomSpec()
    const together = await sampledRows(spec, 4, 3)
    const alone = await sampledRows(spec, 6, 1)
    expect(alone[0]).toEqual(together[2])
  })
}

function sampledInOracle(spec: FitSpec, step: number): number[] {
  const { users, positives, negatives } = sampleStep(spec, step)
  const k = spec.sampler.negatives
  const itemRow = spec.interactions.rows
  return [...users].flatMap((user, slot) => [
    user,
    itemRow + positives[slot]!,
    ...Array.from({ length: k }, (_, n) => itemRow + negatives[slot * k + n]!),
  ])
}
