import { sampleStep } from '@gradrec/oracle'
import { describe } from 'vitest'
import { describeEngine, sampleSuite } from '../src/index.ts'
import { openRoundedOracle } from './roundedOracle.ts'

// The suites themselves: an engine that does everything right, in float32, passes them.
describeEngine('oracle in float32', async () => openRoundedOracle(), undefined, {
  sameBitsWith: { itself: async () => openRoundedOracle() },
})

describe('sampling', () => {
  sampleSuite(async (spec, first, count) =>
    Array.from({ length: count }, (_, n) => {
      const { users, positives, negatives } = sampleStep(spec, first + n)
      const K = spec.sampler.negatives
      return Uint32Array.from(
        [...users].flatMap((user, b) =>
          [user, positives[b]!, ...negatives.subarray(b * K, (b + 1) * K)].map((number, place) =>
            place === 0 ? number : spec.interactions.rows + number,
          ),
        ),
      )
    }),
  )
})
