import { symmetricGraph, type FitSpec, type Graph } from '@gradrec/engine'
import { adam, type AdamMoments } from './adam.ts'
import { objectiveStep } from './objectiveStep.ts'
import { sampleStep } from './sampleStep.ts'
import { sgd } from './sgd.ts'

/** A training run in float64; `trainStep` changes it in place. */
export interface TrainState {
  /** Optimizer steps done. */
  step: number
  /** (users + items) × dimension, users first. */
  readonly table: Float64Array
  /** With Adam. */
  readonly moments?: AdamMoments
}

/**
 * One optimizer step, in place: sample, objective and its gradient, update of every row.
 *
 * @param graph the interactions' symmetric graph, to build it once a run and not once a step; `mf` does not look at it
 */
export function trainStep(
  spec: FitSpec,
  state: TrainState,
  graph?: Graph,
): { readonly triples: number; readonly lossSum: number } {
  const { backbone, optimizer, interactions } = spec
  const shape = { users: interactions.rows, dimension: spec.dimension, l2: spec.objective.l2 }
  const options =
    backbone.kind === 'mf'
      ? shape
      : { ...shape, propagation: { graph: graph ?? symmetricGraph(interactions), layers: backbone.layers } }
  const { gradient, triples, lossSum } = objectiveStep(state.table, sampleStep(spec, state.step), options)
  state.step++
  if (optimizer.kind === 'sgd') {
    sgd(state.table, gradient, optimizer)
  } else {
    if (state.moments === undefined) throw new TypeError('a run with Adam needs moments in its state')
    adam(state.table, gradient, state.moments, state.step, optimizer)
  }
  return { triples, lossSum }
}
