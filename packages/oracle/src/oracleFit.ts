import {
  SpecError,
  stepsPerEpoch,
  symmetricGraph,
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
    this.#graph = spec.backbone.kind === 'lgn' ? symmetricGraph(spec.interactions) : undefined
    this.#state = stateOf(spec, { step: 0, table: spec.initialTable, slots: {} })
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
    const final =
      backbone.kind === 'lgn' && this.#graph !== undefined
        ? propagate(this.#state.table, this.#graph, backbone.layers, dimension)
        : this.#state.table
    const split = interactions.rows * dimension
    return {
      users: rowsOf(final.subarray(0, split), dimension),
      items: rowsOf(final.subarray(split), dimension),
    }
  }

  async read(): Promise<FitState> {
    const { step, table, moments } = this.#state
    const slots: Record<string, Float32Array> = {}
    for (const [name, values] of Object.entries(moments ?? {})) slots[name] = Float32Array.from(values)
    return { step, table: Float32Array.from(table), slots }
  }

  async restore(state: FitState): Promise<void> {
    this.#state = stateOf(this.#spec, state)
  }

  close(): void {
    this.#state = { step: this.#state.step, table: new Float64Array(0) }
  }
}

/** A float64 copy of `from`; a run at step 0 need not bring slots, which are then 0. */
function stateOf(spec: FitSpec, from: FitState): TrainState {
  const { optimizer } = spec
  const table = sized('table', from.table, spec.initialTable.length)
  if (optimizer.kind === 'sgd') return { step: from.step, table }
  const moments = adamMoments(table.length, optimizer.amsgrad)
  for (const [name, values] of Object.entries(moments)) {
    const given = from.slots[name]
    if (given === undefined && from.step === 0) continue
    values.set(sized(`slot "${name}"`, given, table.length))
  }
  return { step: from.step, table, moments }
}

function sized(name: string, values: Float32Array | undefined, length: number): Float64Array {
  if (values?.length === length) return Float64Array.from(values)
  throw new SpecError(
    `the state's ${name} has ${values?.length ?? 0} numbers; expected ${length}, from a fit of the same spec`,
  )
}

function rowsOf(values: Float64Array, dimension: number): Matrix {
  return { rows: values.length / dimension, dimension, values: Float32Array.from(values) }
}
