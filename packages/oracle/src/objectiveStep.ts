import type { Graph } from '@gradrec/engine'
import { bprStep } from './bprStep.ts'
import { l2Step } from './l2Step.ts'
import { propagate } from './propagate.ts'
import type { Samples } from './sampleStep.ts'

export interface ObjectiveOptions {
  readonly users: number
  readonly dimension: number
  readonly l2: number
  /** Given for LightGCN; without it the rows are scored as they are (matrix factorisation). */
  readonly propagation?: { readonly graph: Graph; readonly layers: number }
}

/** What a step minimises, and its gradient by the trained table. */
export interface ObjectiveStep {
  /** Mean data loss over the triples + L2 penalty. */
  readonly objective: number
  /** Sum of the data loss over the triples. */
  readonly lossSum: number
  readonly triples: number
  /** (users + items) × dimension. */
  readonly gradient: Float64Array
}

/**
 * A step's whole objective by the trained table E: mean BPR loss of F = propagate(E), plus the L2 penalty of E. The chain
 * rule through the propagation is the propagation itself: ∂/∂E = propagate(∂loss/∂F) + ∂penalty/∂E.
 *
 * @param table (users + items) × dimension, users first
 */
export function objectiveStep(table: Float64Array, samples: Samples, options: ObjectiveOptions): ObjectiveStep {
  const { dimension, propagation } = options
  const through = (values: Float64Array): Float64Array =>
    propagation === undefined ? values : propagate(values, propagation.graph, propagation.layers, dimension)
  const data = bprStep(through(table), samples, options)
  const l2 = l2Step(table, samples, options)
  return {
    objective: data.lossSum / data.triples + l2.penalty,
    lossSum: data.lossSum,
    triples: data.triples,
    gradient: through(data.gradient).map((value, at) => value + l2.gradient[at]!),
  }
}
