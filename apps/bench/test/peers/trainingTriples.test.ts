import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { csrFromPairs, stepsPerEpoch, type Csr } from '@gradrec/engine'
import { sampleStep } from '@gradrec/oracle'
import { trainingTriples } from '../../src/peers/trainingTriples.ts'

/** Users × items with at least one interaction, and an item that nobody has. */
const interactions: fc.Arbitrary<Csr> = fc
  .record({ users: fc.integer({ min: 1, max: 8 }), items: fc.integer({ min: 1, max: 12 }) })
  .chain(({ users, items }) =>
    fc.array(fc.tuple(fc.nat(users - 1), fc.nat(items - 1)), { minLength: 1, maxLength: 60 }).map((pairs) =>
      csrFromPairs(
        Uint32Array.from(pairs, ([user]) => user),
        Uint32Array.from(pairs, ([, item]) => item),
        users,
        items + 1,
      ),
    ),
  )

it('draws the very triples that engines train', () => {
  fc.assert(
    fc.property(interactions, fc.integer({ min: 1, max: 70 }), fc.nat(2 ** 40), (train, wanted, seed) => {
      const batch = Math.min(wanted, train.columns.length)
      const epochs = 2
      const triples = trainingTriples({ interactions: train, batch, epochs, seed })
      const sampler = { positives: 'interaction', negatives: 1 } as const
      const expected: number[] = []
      for (let step = 0; step < epochs * stepsPerEpoch({ interactions: train, batch }); step++) {
        const { users, positives, negatives } = sampleStep({ interactions: train, batch, seed, sampler }, step)
        users.forEach((user, b) => expected.push(user, positives[b]!, negatives[b]!))
      }
      expect([...triples]).toEqual(expected)
    }),
  )
})
