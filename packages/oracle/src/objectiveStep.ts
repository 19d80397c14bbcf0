import type { Graph } from '@gradrec/engine'
import { dataLossStep, type DataLossOptions } from './dataLossStep.ts'
import { l2Step } from './l2Step.ts'
import { propagate } from './propagate.ts'
import { propagateBack } from './propagateBack.ts'
import type { Samples } from './sampleStep.ts'

export interface ObjectiveOptions extends DataLossOptions {
  /** Given for LightGCN; without it the rows are scored as they are (matrix factorisation). */
  readonly propagation?: {
    readonly graph: Graph
    readonly layers: number
    /** The step's `dropoutMasks`, where the run has dropout. */
    readonly masks?: readonly Float64Array[]
  }
}

/** What a step minimises, and its gradient by the trained table. */
export interface ObjectiveStep {
  /** Mean data loss over the triples + DICE's discrepancy or that between arms + L2 penalty. */
  readonly objective: number
  /** Sum of the data loss over the triples, without the discrepancy. */
  readonly lossSum: number
  readonly triples: number
  /** As large as the table. */
  readonly gradient: Float64Array
  /** The vectors that were scored, users not normalised, and MACR's towers as they are: as large as the table. */
  readonly final: Float64Array
}

/**
 * A step's whole objective by the trained table E: mean data loss and discrepancy of F = propagate(E), plus the L2 penalty of E.
 * The chain rule: ∂/∂E = propagateBack(∂loss/∂F) + ∂penalty/∂E. MACR's towers are no nodes and not propagated.
 *
 * @param table users first, then items, then MACR's two towers
 */
export function objectiveStep(table: Float64Array, samples: Samples, options: ObjectiveOptions): ObjectiveStep {
  const { users, dimension, objective, propagation } = options
  const through = (direction: typeof propagate, values: Float64Array): Float64Array => {
    if (propagation === undefined) return values
    const { graph, layers, masks } = propagation
    const nodes = graph.nodes * dimension
    const out = values.slice()
    out.set(direction(values.subarray(0, nodes), graph, layers, dimension, masks))
    return out
  }
  const final = through(propagate, table)
  const data = dataLossStep(final, samples, options)
  const l2 = l2Step(table, samples, { users, dimension, l2: objective.l2 })
  return {
    objective: data.lossSum / data.triples + data.discrepancy + l2.penalty,
    lossSum: data.lossSum,
    triples: data.triples,
    gradient: through(propagateBack, data.gradient).map((value, at) => value + l2.gradient[at]!),
    final,
  }
}
