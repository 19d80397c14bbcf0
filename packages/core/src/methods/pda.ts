import { plainInference } from './inference.ts'
import { number, type Method } from './method.ts'
import { normalisedPopularity } from './normalisedPopularity.ts'
import { withConstant } from './withConstant.ts'

export interface PdaOptions {
  /** γ, 0 … 2. */
  readonly gamma: number
}

/**
 * PD with popularity adjusted (Zhang et al., SIGIR 2021; METHODS.md §10): trained as `pd`, and lists are ranked by f · m^γ, which gives
 * items back the popularity that training explained away. The authors put the popularity of the next period in the place of m; one
 * training part knows of no later one than its own.
 *
 * Ranked is the inner product (y + 1) · m^γ, which for y = p·q ≥ 0 is f · m^γ itself. Below 0, where f is eʸ, it is the tangent of f at
 * 0, which is no higher and agrees to first order; below −1 it is negative, so that there the more popular item is the lower one.
 * Items with y ≥ 0 have their exact order among each other; one below may stand lower beside them than by f, never higher.
 */
export const pda: Method<'pda', PdaOptions> = {
  kind: 'pda',
  summary: 'popularity deconfounding, then adjusting (Zhang et al., SIGIR 2021)',
  loss: 'bpr',
  options: { gamma: number(0.16, 'power of an item’s popularity that all its scores are multiplied by', 0, 2) },
  dials: {},
  training: ({ gamma }, { l2, popularity }) => ({
    objective: { kind: 'bpr', l2, link: 'elu', scoreFactors: normalisedPopularity(popularity.items, gamma) },
  }),
  inference: ({ gamma }, { embeddings }, popularity) =>
    plainInference(withConstant(embeddings, normalisedPopularity(popularity.items, gamma), 1)),
}
