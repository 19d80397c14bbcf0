import type { Corrections } from '@gradrec/engine'
import type { ScoringVectors } from '../scoringVectors.ts'

/** Settings of a method's dials by name, which are turned after training; one that is left out is off. */
export type Dials = Readonly<Record<string, number>>

/** A trained model as its method ranks with it: a function from dials to two matrices. */
export interface Inference {
  /** With all dials off. */
  readonly base: ScoringVectors
  /** The two matrices for a setting. */
  vectors(dials: Dials): ScoringVectors
  /**
   * Many settings at once as corrections of the base scores, in the order given: a grid at about the cost of one evaluation.
   * `undefined` for a method without dials.
   */
  corrections(settings: readonly Dials[]): Corrections | undefined
  /** Sentences for people about the dials: one that does nothing, two that do the same. */
  readonly warnings: readonly string[]
}

/** Of a method without dials: the vectors as they are. */
export function plainInference(vectors: ScoringVectors): Inference {
  return { base: vectors, vectors: () => vectors, corrections: () => undefined, warnings: [] }
}
