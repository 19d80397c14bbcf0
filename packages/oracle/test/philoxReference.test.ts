import { philox4x32 } from '@gradrec/engine'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { philoxReference } from '../src/index.ts'

const word = fc.integer({ min: 0, max: 0xffffffff })

describe('philoxReference', () => {
  it('gives the known answer for counter and key 0', () => {
    expect(philoxReference([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8])
  })

  it('agrees with the engine’s for any counter and key', () => {
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        expect(philox4x32(counter, key)).toEqual(philoxReference(counter, key))
      }),
      { numRuns: 2000 },
    )
  })
})
