import type { Samples } from './sampleStep.ts'

/** Rows of the joint table (users first, then items) that a step's samples name, slot by slot. */
export interface TripleRows {
  readonly users: Uint32Array
  readonly positives: Uint32Array
  readonly negatives: Uint32Array
}

/** Turns user and item numbers into rows of the joint table: item i is row users + i. */
export function tripleRows(samples: Samples, users: number): TripleRows {
  return {
    users: samples.users,
    positives: samples.positives.map((item) => users + item),
    negatives: samples.negatives.map((item) => users + item),
  }
}
