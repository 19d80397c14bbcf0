import {
  checkLearningRate,
  interactionGraph,
  SpecError,
  stepsPerEpoch,
  type Embeddings,
  type Fit,
  type FitSpec,
  type FitState,
  type Graph,
  type Matrix,
  type StepsReport,
} from '@gradrec/engine'
import { adamMoments } from './adam.ts'
import { propagate } from './propagate.ts'
import type { Recorded } from './recordStep.ts'
import { trainStep, type TrainState } from './trainStep.ts'

/** A training run kept in float64; only what `read` and `embeddings` hand out is rounded to float32. */
export class OracleFit implements Fit {
  readonly stepsPerEpoch: number
  readonly stepsAtOnce: number = 1
  readonly #spec: FitSpec
  readonly #graph: Graph | undefined
  #state: TrainState

  /** @param spec one that `checkFitSpec` lets pass */
  constructor(spec: FitSpec) {
    this.stepsPerEpoch = stepsPerEpoch(spec)
    this.#spec = spec
    this.#graph = spec.backbone.kind === 'lgn' ? interactionGraph(spec.interactions, spec.backbone) : undefined
    this.#state = stateOf(spec, {
      step: 0,
      learningRate: spec.optimizer.learningRate,
      table: spec.initialTable,
      slots: {},
    })
  }

  get step(): number {
    return this.#state.step
  }

  async steps(count: number): Promise<StepsReport> {
    let triples = 0
    let lossSum = 0
    for (let n = 0; n < count; n++) {
      const done = trainStep(this.#spec, this.#state, this.#graph)
      triples += done.triples
      lossSum += done.lossSum
    }
    return { steps: count, triples, lossSum }
  }

  async embeddings(): Promise<Embeddings> {
    const { backbone, dimension, interactions } = this.#spec
    const nodes = (interactions.rows + interactions.columnCount) * dimension
    const trained = this.#state.table.subarray(0, nodes)
    const final =
      backbone.kind === 'lgn' && this.#graph !== undefined
        ? propagate(trained, this.#graph, backbone.layers, dimension)
        : trained
    const split = interactions.rows * dimension
    return {
      users: rowsOf(final.subarray(0, split), dimension),
      items: rowsOf(final.subarray(split), dimension),
    }
  }

  async setLearningRate(learningRate: number): Promise<void> {
    checkLearningRate(learningRate)
    this.#state.learningRate = learningRate
  }

  async read(): Promise<FitState> {
    const { step, learningRate, table } = this.#state
    const slots: Record<string, Float32Array> = {}
    for (const [name, values] of slotsOf(this.#state)) slots[name] = Float32Array.from(values)
    return { step, learningRate, table: Float32Array.from(table), slots }
  }

  async restore(state: FitState): Promise<void> {
    this.#state = stateOf(this.#spec, state)
  }

  close(): void {
    this.#state = { ...this.#state, table: new Float64Array(0) }
  }
}

/** A float64 copy of `from`; a run at step 0 need not bring slots, which are then 0. */
function stateOf(spec: FitSpec, from: FitState): TrainState {
  const { optimizer, recording = 'none' } = spec
  checkLearningRate(from.learningRate)
  const table = sized('table', from.table, spec.initialTable.length)
  const state: TrainState = {
    step: from.step,
    learningRate: from.learningRate,
    table,
    ...(optimizer.kind === 'adam' ? { moments: adamMoments(table.length, optimizer.amsgrad) } : {}),
    ...(recording === 'none' ? {} : { recorded: nothingRecorded(table.length) }),
  }
  for (const [name, values] of slotsOf(state)) {
    const given = from.slots[name]
    if (given === undefined && from.step === 0) continue
    values.set(sized(name, given, table.length))
  }
  return state
}

function slotsOf({ moments, recorded }: TrainState): [string, Float64Array][] {
  return Object.entries({ ...moments, ...recorded })
}

function nothingRecorded(length: number): Recorded {
  return { recordedPositive: new Float64Array(length), recordedNegative: new Float64Array(length) }
}

function sized(name: string, values: Float32Array | undefined, length: number): Float64Array {
  if (values?.length === length) return Float64Array.from(values)
  throw new SpecError(
    `the state's ${name} has ${values?.length ?? 'no'} numbers; expected ${length}: it belongs to another run`,
  )
}

function rowsOf(values: Float64Array, dimension: number): Matrix {
  return { rows: values.length / dimension, dimension, values: Float32Array.from(values) }
}
