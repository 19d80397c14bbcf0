import { plainInference } from './inference.ts'
import { choice, number, wholeNumber, type Method } from './method.ts'

export interface DiceOptions {
  readonly interest: number
  readonly conformity: number
  readonly lossDecay: number
  readonly discrepancy: 'dCor' | 'l2' | 'l1' | 'none'
  readonly discrepancyWeight: number
  readonly margin: number
  readonly marginDecay: number
  readonly pool: number
  readonly downRule: 'half' | 'margin'
}

/**
 * DICE (Zheng et al., WWW 2021; METHODS.md §3.6): one half of every vector learns interest, from negatives that are more popular
 * than the positive, the other conformity; negatives are drawn with a popularity margin. Popularity is that of the biased training
 * interactions. Scores use both halves, as the authors' code does. The halves are kept apart by their distance correlation, as the
 * authors' are; it compares all pairs of a step's distinct rows, so that large batches are cheaper with `l2`, which in turn grows
 * without bound the further apart the halves are, where the distance correlation ends at 0.
 *
 * `pool` and `margin` are the authors' for catalogues of thousands of items. Positives among the `pool` most popular items never have a
 * more popular negative, and in a catalogue of hundreds these can be most of all interactions: make `pool` smaller there.
 */
export const dice: Method<'dice', DiceOptions> = {
  kind: 'dice',
  summary: 'disentangled interest and conformity (Zheng et al., WWW 2021)',
  loss: 'bpr',
  options: {
    interest: number(0.1, 'weight of the loss on interest'),
    conformity: number(0.1, 'weight of the loss on conformity'),
    lossDecay: number(0.9, 'what both weights are multiplied by after every epoch', 1e-6, 1),
    discrepancy: choice(['dCor', 'l2', 'l1', 'none'], 'how the two halves are kept apart'),
    discrepancyWeight: number(0.01, 'weight of it'),
    margin: number(40, 'interactions by which a negative is more popular, in the first epoch'),
    marginDecay: number(0.9, 'what the margin is multiplied by after every epoch', 1e-6, 1),
    pool: wholeNumber(40, 'fewest candidates of a kind to draw negatives from', 1),
    downRule: choice(['half', 'margin'], 'which negatives are less popular: half as popular, or by the margin'),
  },
  dials: {},
  training: (options, { l2, biasedPopularity: { items: popularity } }) => {
    const { interest, conformity, lossDecay, discrepancy, discrepancyWeight } = options
    const { margin, marginDecay, pool, downRule } = options
    return {
      objective: {
        kind: 'dice',
        l2,
        popularity,
        interest,
        conformity,
        decay: lossDecay,
        discrepancy: { kind: discrepancy, weight: discrepancyWeight },
      },
      margin: { popularity, margin, decay: marginDecay, pool, downRule },
    }
  },
  inference: (_, { embeddings }) => plainInference(embeddings),
}
