import type { Dataset } from '@gradrec/data'
import * as fc from 'fast-check'
import type { ScoringVectors } from '../src/index.ts'
import { handmadeDataset } from './handmadeDataset.ts'

const ITEMS = 23
const MOST_USERS = 7

/** A small random data set and vectors of small whole numbers, so that scores are exact and often tied. */
export interface RandomCase {
  readonly dataset: Dataset
  readonly vectors: ScoringVectors
  /** users × 4 and items × 4 more, for corrections. */
  readonly extra: ScoringVectors
}

export const randomCase: fc.Arbitrary<RandomCase> = fc
  .tuple(
    fc.array(
      fc.array(fc.constantFrom('train', 'train', 'validation', 'test', 'none'), {
        minLength: ITEMS,
        maxLength: ITEMS,
      }),
      { minLength: 1, maxLength: MOST_USERS },
    ),
    fc.array(fc.integer({ min: -3, max: 3 }), {
      minLength: 8 * (MOST_USERS + ITEMS),
      maxLength: 8 * (MOST_USERS + ITEMS),
    }),
  )
  .map(([places, numbers]) => {
    const part = (name: string): number[][] => places.map((row) => row.flatMap((p, i) => (p === name ? [i] : [])))
    const dataset = handmadeDataset(ITEMS, {
      train: part('train'),
      validation: part('validation'),
      test: part('test'),
    })
    let at = 0
    const matrix = (rows: number): ScoringVectors['users'] => {
      const values = Float32Array.from(numbers.slice(at, at + rows * 4))
      at += rows * 4
      return { rows, dimension: 4, values }
    }
    const vectors = { users: matrix(places.length), items: matrix(ITEMS) }
    return { dataset, vectors, extra: { users: matrix(places.length), items: matrix(ITEMS) } }
  })
