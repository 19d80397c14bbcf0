import { plainInference } from './inference.ts'
import { number, type Method } from './method.ts'
import { normalisedPopularity } from './normalisedPopularity.ts'

export interface PdOptions {
  /** γ, 0 … 2. */
  readonly gamma: number
}

/**
 * Popularity deconfounding (Zhang et al., SIGIR 2021; METHODS.md §10): training explains scores as f · m^γ, with f = ELU(p·q) + 1
 * and m the item's normalised popularity, and inference ranks by f alone, which is the order of p·q.
 */
export const pd: Method<'pd', PdOptions> = {
  kind: 'pd',
  summary: 'popularity deconfounding (Zhang et al., SIGIR 2021)',
  // Scores f · m^γ are never below 0: binary cross-entropy could call nothing improbable.
  loss: 'bpr',
  options: { gamma: number(0.02, 'power of an item’s popularity that its training scores are multiplied by', 0, 2) },
  dials: {},
  training: ({ gamma }, { l2, popularity }) => ({
    objective: { kind: 'bpr', l2, link: 'elu', scoreFactors: normalisedPopularity(popularity.items, gamma) },
  }),
  inference: (_, { embeddings }) => plainInference(embeddings),
}
