/**
 * The named rows of a table, one after the other: out[n] = table[rows[n]].
 *
 * @param table any number of rows × dimension
 * @param rows row numbers; repeats are allowed
 * @returns rows.length × dimension
 */
export function gather(table: Float64Array, rows: ArrayLike<number>, dimension: number): Float64Array {
  const out = new Float64Array(rows.length * dimension)
  for (let n = 0; n < rows.length; n++) {
    out.set(table.subarray(rows[n]! * dimension, (rows[n]! + 1) * dimension), n * dimension)
  }
  return out
}
