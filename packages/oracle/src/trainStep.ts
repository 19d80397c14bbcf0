import {
  dropoutThreshold,
  interactionGraph,
  stepsPerEpoch,
  type FitSpec,
  type Graph,
  type LightGcn,
} from '@gradrec/engine'
import { adam, type AdamMoments } from './adam.ts'
import { dropoutMasks } from './dropoutMasks.ts'
import { objectiveStep, type ObjectiveOptions } from './objectiveStep.ts'
import { recordStep, type Recorded } from './recordStep.ts'
import { sampleStep } from './sampleStep.ts'
import { sgd } from './sgd.ts'

/** A training run in float64; `trainStep` changes it in place. */
export interface TrainState {
  /** Optimizer steps done. */
  step: number
  /** Of the next step. */
  learningRate: number
  /** `tableRows` × dimension: users first, then items, then MACR's two towers. */
  readonly table: Float64Array
  /** With Adam. */
  readonly moments?: AdamMoments
  /** Where the run records. */
  readonly recorded?: Recorded
}

/**
 * One optimizer step, in place: sample, objective and its gradient, recording, update of every row.
 *
 * @param graph the interactions' graph, to build it once a run and not once a step; `mf` does not look at it
 */
export function trainStep(
  spec: FitSpec,
  state: TrainState,
  graph?: Graph,
): { readonly triples: number; readonly lossSum: number } {
  const { backbone, optimizer, interactions, dimension, objective, recording = 'none', arms } = spec
  const { table, learningRate, moments, recorded } = state
  const epoch = Math.floor(state.step / stepsPerEpoch(spec))
  const shape = { users: interactions.rows, dimension, objective, arms, epoch }
  const samples = sampleStep(spec, state.step)
  const { gradient, triples, lossSum, final } = objectiveStep(
    table,
    samples,
    backbone.kind === 'mf' ? shape : { ...shape, propagation: propagationOf(spec, backbone, state.step, graph) },
  )
  if (recording !== 'none') {
    if (recorded === undefined) throw new TypeError('a run that records needs what it recorded in its state')
    if (objective.kind === 'dice' || objective.kind === 'macr') {
      throw new TypeError(`a run with ${objective.kind} records nothing`)
    }
    recordStep(recorded, final, samples, { users: interactions.rows, dimension, objective, recording, learningRate })
  }
  state.step++
  if (optimizer.kind === 'sgd') {
    sgd(table, gradient, { ...optimizer, learningRate })
  } else {
    if (moments === undefined) throw new TypeError('a run with Adam needs moments in its state')
    adam(table, gradient, moments, state.step, { ...optimizer, learningRate })
  }
  return { triples, lossSum }
}

function propagationOf(
  spec: FitSpec,
  backbone: LightGcn,
  step: number,
  graph = interactionGraph(spec.interactions, backbone),
): NonNullable<ObjectiveOptions['propagation']> {
  const { layers, dropout = 0 } = backbone
  if (dropoutThreshold(dropout) === 0) return { graph, layers }
  const { seed, dimension } = spec
  return { graph, layers, masks: dropoutMasks(step, { dropout, seed, nodes: graph.nodes, layers, dimension }) }
}
