/** Outside ids and the row numbers 0 … size − 1 that stand for them inside. */
export interface IdMap {
  readonly size: number
  /** The outside id of a row number. Throws a `RangeError` beyond `size`. */
  idOf(index: number): string
  /** The row number of an outside id, or `undefined` for an unknown one. */
  indexOf(id: string): number | undefined
}
