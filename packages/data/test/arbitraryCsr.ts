import { csrFromPairs, type Csr } from '@gradrec/engine'
import * as fc from 'fast-check'

/** Small matrices of any density, a fixed shape or any. */
export function arbitraryCsr(rows = 12, columns = 9): fc.Arbitrary<Csr> {
  const pair = fc.tuple(fc.nat(rows - 1), fc.nat(columns - 1))
  return fc.array(pair, { maxLength: rows * columns }).map((pairs) =>
    csrFromPairs(
      pairs.map(([row]) => row),
      pairs.map(([, column]) => column),
      rows,
      columns,
    ),
  )
}
