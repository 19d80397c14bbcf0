import * as fc from 'fast-check'
import { csrFromPairs } from '@gradrec/engine'
import { expect, test } from 'vitest'
import { chunksOf, readNpz, writeNpz } from '../src/index.ts'
import { arbitraryCsr } from './arbitraryCsr.ts'
import { plainPairs } from './plainInteractions.ts'

test('what is written reads back the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryCsr().filter((matrix) => matrix.columns.length > 0),
      async (matrix) => {
        const read = await readNpz('part.npz', chunksOf(writeNpz(matrix)))
        expect([read.users.size, read.items.size, read.declared, read.rating]).toEqual([12, 9, true, undefined])
        expect(plainPairs(csrFromPairs(read.user, read.item, 12, 9))).toEqual(plainPairs(matrix))
      },
    ),
    { numRuns: 30 },
  )
})

test('the same matrix gives the same bytes', () => {
  const matrix = csrFromPairs([0, 1], [1, 0], 2, 2)
  expect(writeNpz(matrix)).toEqual(writeNpz(matrix))
})
