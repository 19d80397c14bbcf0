import type { Method } from './method.ts'

/** The backbone as it is: no debiasing, no dials. What the others are compared with. */
export const original: Method = {
  training: ({ loss, l2 }) => ({ objective: { kind: loss, l2 } }),
  inference: ({ embeddings }) => ({
    dials: [],
    base: embeddings,
    vectors: () => embeddings,
    corrections: () => undefined,
    warnings: [],
  }),
}
