/** Which triples a step sees (METHODS.md §3.2, §4.1). */
export interface Sampler {
  /**
   * `interaction`: an epoch is a random permutation of all training interactions, the last batch of an epoch may be short.
   * `user`: a batch is users drawn uniformly (without replacement where the batch allows it), then one positive of each.
   */
  readonly positives: 'interaction' | 'user'
  /** Negatives per positive, 1 … 64: items drawn uniformly from those the user has no training interaction with. */
  readonly negatives: number
  /**
   * Whether the negatives of one positive differ from each other, as DICE has it (METHODS.md §3.2). A user with fewer items left
   * than negatives gets independent draws all the same. Default false: independent draws.
   */
  readonly distinct?: boolean
  /** Draws negatives by their popularity beside the positive's, in the place of uniformly. */
  readonly margin?: PopularityMargin
}

/**
 * DICE's popularity-based negative sampling with margin (METHODS.md §3.6). For a positive i with count c_i in epoch e, with
 * M = margin · decayᵉ, and among the items the user has no training interaction with:
 *
 * - the more popular ones are those with c_j > c_i + M;
 * - the less popular ones are those with c_j < c_i / 2 (`half`, DICE's code) or c_j < c_i − M (`margin`, DICE's paper).
 *
 * With fewer than `pool` more popular ones all negatives are less popular; else, with fewer than `pool` less popular ones, all are
 * more popular; else each is of either kind with probability ½. Where the kind chosen has no item at all, it is the other, and
 * where neither has, negatives are uniform. Of one kind negatives are uniform, and distinct if the sampler says so.
 */
export interface PopularityMargin {
  /** c: one count an item. DICE counts the biased training part alone. */
  readonly popularity: Uint32Array
  /** M in the first epoch, 0 or more. DICE's is 40. */
  readonly margin: number
  /** What M is multiplied by after every epoch, above 0, at most 1. DICE's is 0.9. */
  readonly decay: number
  /** 1 or more, at most the number of items. DICE's is 40. */
  readonly pool: number
  readonly downRule: 'half' | 'margin'
}
