/**
 * The two arms of a controlled experiment in one table, for methods that learn an item twice: from what users happened to see (the
 * control arm) and from what was shown against popularity (the treatment arm), and keep both alike (CausE; METHODS.md §3.5).
 *
 * With n items, columns 0 … n − 1 of `interactions` are the items of the control arm and n … 2n − 1 the same items in the treatment
 * arm; c and c + n are counterparts. Negatives are uniform over the items of the positive's own arm that the user has no interaction
 * with there. Users are `shared`, one row for both arms, or `apart`: with U users, rows 0 … U − 1 have interactions of the control arm
 * only, rows U … 2U − 1 of the treatment arm only, u and u + U are counterparts, and LightGCN's graph falls into one for each arm.
 *
 * The step's objective adds the discrepancy between counterparts. Final rows are meant: with LightGCN the propagated ones.
 */
export interface Arms {
  readonly users: 'shared' | 'apart'
  readonly discrepancy: ArmDiscrepancy
}

/**
 * How far counterparts X and Y are apart, as a term to minimise: `l2`, weight · mean (X − Y)², the mean being over elements and over
 * the distinct items of the step, of either arm; `l1`, weight · mean |X − Y|. With users apart, the same of the step's distinct
 * users is added. Both counterparts get its gradient, also where the step has drawn but one of them.
 */
export interface ArmDiscrepancy {
  readonly kind: 'none' | 'l1' | 'l2'
  /** 0 or more. DICE's code has 0.01. */
  readonly weight: number
  /** `treatment`: only the control arm moves towards the other (CausE's own code; METHODS.md §5). Default `none`. */
  readonly stopGradient?: 'none' | 'treatment'
}
