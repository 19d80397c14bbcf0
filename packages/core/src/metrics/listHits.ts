/** Where one user's held-out items are in the user's list: all that an accuracy metric looks at. */
export interface ListHits {
  /** Places (0 first) of held-out items in the list, ascending. Only the first `hits` of them count. */
  readonly ranks: ArrayLike<number>
  /** How many held-out items are among the first `k` places. */
  readonly hits: number
  /** How many items were held out for the user, at least 1. */
  readonly heldOut: number
  /** Length of the list, 1 … 1,024. */
  readonly k: number
}
