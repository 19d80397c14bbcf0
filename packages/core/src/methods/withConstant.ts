import type { Matrix } from '@gradrec/engine'
import type { ScoringVectors } from '../scoringVectors.ts'

/**
 * Vectors whose inner products are factor_i · (p·q_i + constant): [P, 1] and [factor Q, constant · factor], filled up with zeros to a
 * width that is a multiple of 4.
 *
 * @param factors one number an item
 */
export function withConstant(
  { users, items }: ScoringVectors,
  factors: Float32Array,
  constant: number,
): ScoringVectors {
  const one = (): number => 1
  const factor = (item: number): number => factors[item]!
  return { users: widened(users, one, one), items: widened(items, factor, (item) => constant * factors[item]!) }
}

function widened(
  { rows, dimension, values }: Matrix,
  factor: (row: number) => number,
  last: (row: number) => number,
): Matrix {
  const width = dimension + 4
  const wide = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const by = factor(row)
    for (let f = 0; f < dimension; f++) wide[row * width + f] = by * values[row * dimension + f]!
    wide[row * width + dimension] = last(row)
  }
  return { rows, dimension: width, values: wide }
}
