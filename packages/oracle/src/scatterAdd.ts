/**
 * Adds one update to each named row, in place: target[rows[n]] += updates[n], n ascending. A row named twice gets both.
 * It is the gradient of `gather`.
 *
 * @param target any number of rows × dimension
 * @param rows row numbers; repeats are allowed
 * @param updates rows.length × dimension
 */
export function scatterAdd(
  target: Float64Array,
  rows: ArrayLike<number>,
  updates: Float64Array,
  dimension: number,
): void {
  for (let n = 0; n < rows.length; n++) {
    const start = rows[n]! * dimension
    for (let f = 0; f < dimension; f++) target[start + f]! += updates[n * dimension + f]!
  }
}
