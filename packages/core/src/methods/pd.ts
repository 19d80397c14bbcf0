import { plainInference } from './inference.ts'
import { number, type Method } from './method.ts'

export interface PdOptions {
  /** γ, 0 … 2. */
  readonly gamma: number
}

/**
 * Popularity deconfounding (Zhang et al., SIGIR 2021; METHODS.md §10): training explains scores as f · m^γ, with f = ELU(p·q) + 1
 * and m the item's popularity, and inference ranks by f alone, which is the order of p·q. m is (c_i + 1) / (Σ c + items), brought to
 * 0 … 1 by its least and largest; because a factor has to be above 0, what would be 0 is half the next one.
 */
export const pd: Method<'pd', PdOptions> = {
  kind: 'pd',
  summary: 'popularity deconfounding (Zhang et al., SIGIR 2021)',
  options: { gamma: number(0.02, 'power of an item’s popularity that its training scores are multiplied by', 0, 2) },
  dials: {},
  training: ({ gamma }, { loss, l2, popularity }) => ({
    objective: { kind: loss, l2, link: 'elu', scoreFactors: factors(popularity.items, gamma) },
  }),
  inference: (_, { embeddings }) => plainInference(embeddings),
}

function factors(counts: Uint32Array, gamma: number): Float32Array {
  const least = counts.reduce((a, b) => Math.min(a, b), Infinity)
  const span = counts.reduce((a, b) => Math.max(a, b), 0) - least
  if (span === 0) return new Float32Array(counts.length).fill(1)
  const next = counts.reduce((a, b) => (b > least ? Math.min(a, b) : a), Infinity) - least
  return Float32Array.from(counts, (count) => ((count === least ? next / 2 : count - least) / span) ** gamma)
}
