import { plainInference } from './inference.ts'
import type { Method } from './method.ts'

/** The backbone as it is: no debiasing, no dials. What the others are compared with. */
export const original: Method<'original', object> = {
  kind: 'original',
  summary: 'the backbone alone',
  options: {},
  dials: {},
  training: (_, { loss, l2 }) => ({ objective: { kind: loss, l2 } }),
  inference: (_, { embeddings }) => plainInference(embeddings),
}
