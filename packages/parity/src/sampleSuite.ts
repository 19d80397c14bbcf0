import { stepsPerEpoch, type FitSpec } from '@gradrec/engine'
import { sampleStep } from '@gradrec/oracle'
import { expect, test } from 'vitest'
import { randomInteractions, randomSpec } from './randomRun.ts'

/** Rows of the table that `count` steps from step `first` on work on: for each positive the user, the item, the negatives. */
export type SampledRows = (spec: FitSpec, first: number, count: number) => Promise<readonly Uint32Array[]>

/**
 * Declares, in a vitest file, the tests of an engine's sampling: the oracle's triples, bit for bit. Sampling is inside the
 * seam's `steps`, so each engine brings its own way to look at it.
 */
export function sampleSuite(sampledRows: SampledRows): void {
  test.each([
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
  ] as const)('draws the same triples as the oracle, bit for bit: %s', async (_, changes) => {
    const spec = randomSpec(changes)
    const first = stepsPerEpoch(spec) - 1
    const sampled = await sampledRows(spec, first, 3)
    expect(sampled.length).toBe(3)
    for (const [index, rows] of sampled.entries()) expect([...rows]).toEqual(sampledInOracle(spec, first + index))
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
