import {
  positivesInStep,
  SpecError,
  stepsPerEpoch,
  symmetricGraph,
  type Embeddings,
  type Fit,
  type FitSpec,
  type FitState,
  type StepsReport,
} from '@gradrec/engine'
import { GradientStep } from './gradientStep.ts'
import { horizonSteps } from './horizon.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { bindUpdate, slotNames, stepScalars } from './optimizerState.ts'
import { Planner } from './planner.ts'
import { Propagation } from './propagation.ts'
import { StepUniforms } from './stepUniforms.ts'
import { TripleSampler } from './tripleSampler.ts'
import { sumLosses } from './wgsl.generated.ts'

/** Everything of a run that lives on the device. */
interface Parts {
  readonly horizon: number
  readonly table: GPUBuffer
  readonly slots: Readonly<Record<string, GPUBuffer>>
  readonly embeddings: GPUBuffer
  readonly steps: StepUniforms
  readonly sampler: TripleSampler
  readonly planner: Planner
  readonly lossSums: GPUBuffer
  readonly lossUniform: GPUBuffer
  readonly sampleDispatch: Dispatch
  readonly lossDispatch: Dispatch
  /** From the table to the embeddings that are scored; none for matrix factorisation. */
  readonly forward: readonly Dispatch[]
  /** One whole step, in order. */
  readonly step: readonly Dispatch[]
  readonly destroy: () => void
}

/**
 * A training run on a WebGPU device. Triples do not depend on the model, so a horizon of steps is drawn and sorted at once;
 * each step is then score → segment sum → update, with propagation before and after for LightGCN.
 */
export class WebGpuFit implements Fit {
  readonly stepsPerEpoch: number
  readonly #device: KernelDevice
  readonly #spec: FitSpec
  readonly #parts: Parts
  #step = 0

  private constructor(device: KernelDevice, spec: FitSpec, parts: Parts) {
    this.#device = device
    this.#spec = spec
    this.#parts = parts
    this.stepsPerEpoch = stepsPerEpoch(spec)
  }

  static async create(device: KernelDevice, spec: FitSpec): Promise<WebGpuFit> {
    return new WebGpuFit(device, spec, await buildParts(device, spec))
  }

  get step(): number {
    return this.#step
  }

  async steps(count: number): Promise<StepsReport> {
    let lossSum = 0
    let triples = 0
    let done = 0
    while (done < count) {
      const size = Math.min(this.#parts.horizon, count - done)
      triples += this.#encodeHorizon(size)
      for (const loss of await this.#device.readFloats(this.#parts.lossSums, size)) lossSum += loss
      done += size
    }
    return { steps: count, triples, lossSum }
  }

  async embeddings(): Promise<Embeddings> {
    const { interactions, dimension } = this.#spec
    const { forward, embeddings, steps } = this.#parts
    if (forward.length > 0) {
      this.#device.submit((pass) => {
        steps.select(pass, 0)
        for (const dispatch of forward) this.#device.encode(pass, dispatch)
      })
    }
    const values = await this.#device.readFloats(embeddings, this.#spec.initialTable.length)
    const { rows, columnCount } = interactions
    return {
      users: { rows, dimension, values: values.subarray(0, rows * dimension) },
      items: { rows: columnCount, dimension, values: values.subarray(rows * dimension) },
    }
  }

  async read(): Promise<FitState> {
    const length = this.#spec.initialTable.length
    const slots: Record<string, Float32Array> = {}
    for (const [name, buffer] of Object.entries(this.#parts.slots)) {
      slots[name] = await this.#device.readFloats(buffer, length)
    }
    return { step: this.#step, table: await this.#device.readFloats(this.#parts.table, length), slots }
  }

  async restore(state: FitState): Promise<void> {
    this.#device.check()
    const length = this.#spec.initialTable.length
    const wanted = ['table', ...Object.keys(this.#parts.slots)]
    for (const name of wanted) {
      const found = name === 'table' ? state.table : state.slots[name]
      if (found?.length === length) continue
      throw new SpecError(
        `the state's ${name} has ${found?.length ?? 'no'} numbers; expected ${length}: it belongs to another run`,
      )
    }
    this.#device.write(this.#parts.table, state.table)
    for (const [name, buffer] of Object.entries(this.#parts.slots)) {
      this.#device.write(buffer, state.slots[name] as Float32Array)
    }
    this.#step = state.step
  }

  close(): void {
    this.#parts.destroy()
  }

  /** Submits the next `size` steps and returns how many triples they train on. */
  #encodeHorizon(size: number): number {
    const { sampler, planner, steps, sampleDispatch, lossDispatch, lossUniform } = this.#parts
    const { negatives } = this.#spec.sampler
    const values = Array.from({ length: size }, (_, index) => {
      const step = this.#step + index
      const positives = positivesInStep(this.#spec, step)
      return {
        index,
        stamp: step + 1,
        positives,
        inverseTriples: 1 / (positives * negatives),
        ...stepScalars(this.#spec.optimizer, step + 1),
      }
    })
    steps.write(values)
    planner.prepare(this.#step, size)
    this.#device.writeUniform(lossUniform, sumLosses.uniforms.lossSum, { steps: size, batch: this.#spec.batch })
    this.#device.submit((pass) => {
      sampler.encode(pass, sampleDispatch, size)
      planner.encode(pass, size)
      for (let index = 0; index < size; index++) {
        steps.select(pass, index)
        for (const dispatch of this.#parts.step) this.#device.encode(pass, dispatch)
      }
      this.#device.encode(pass, lossDispatch, size)
    })
    this.#step += size
    return values.reduce((sum, { positives }) => sum + positives * negatives, 0)
  }
}

async function buildParts(device: KernelDevice, spec: FitSpec): Promise<Parts> {
  const { interactions, dimension, backbone, batch } = spec
  const { negatives } = spec.sampler
  const rows = interactions.rows + interactions.columnCount
  const bytes = rows * dimension * 4
  const horizon = horizonSteps(spec, device.tuning, device.gpu.limits.maxStorageBufferBindingSize)
  const layers = backbone.kind === 'lgn' ? backbone.layers : 0

  const core = await device.allocate('the embedding table and its optimizer state', () => ({
    table: device.upload('the embedding table', spec.initialTable),
    slots: Object.fromEntries(
      slotNames(spec.optimizer).map((name) => [name, device.storage(`optimizer state ${name}`, bytes)]),
    ),
    gradient: device.storage('the gradient', bytes),
    touched: device.storage('marks of touched rows', rows * 8),
    lossSums: device.storage('loss sums', horizon * 4),
    lossUniform: device.uniform('loss sums', sumLosses.uniforms.lossSum, { steps: 0, batch }),
    steps: new StepUniforms(device, horizon),
    ...(layers > 0 && {
      propagated: device.storage('propagated embeddings', bytes),
      scratch: device.storage('propagation scratch', bytes),
      tableGradient: device.storage('the gradient of the table', bytes),
    }),
  }))
  const { table, slots, gradient, touched, propagated, scratch, tableGradient } = core
  const isPropagated = propagated !== undefined && scratch !== undefined && tableGradient !== undefined

  const propagation = isPropagated
    ? await Propagation.create(device, symmetricGraph(interactions), dimension, touched)
    : undefined
  const forward = isPropagated ? await propagation?.mean(table, layers, scratch, propagated, false) : []
  const backward = isPropagated ? await propagation?.mean(gradient, layers, scratch, tableGradient, true) : []

  const sampler = await TripleSampler.create(device, spec, horizon)
  const occurrences = batch * (negatives + 2)
  const planner = await Planner.create(device, sampler.rowsOfStep, horizon, occurrences, rows)
  const embeddings = propagated ?? table
  const gradientStep = await GradientStep.create(device, spec, horizon, {
    embeddings,
    rowsOfStep: sampler.rowsOfStep,
    runs: planner.runs,
    order: planner.order,
    gradient,
    touched,
  })
  const update = await bindUpdate(device, spec.optimizer, rows, dimension, {
    table,
    slots,
    gradient: tableGradient ?? gradient,
    touched,
    gradientIsDense: isPropagated,
    l2: spec.objective.l2,
  })
  const lossKernel = await device.kernel(sumLosses, {})
  const { lossSums, lossUniform, steps } = core
  const own = [
    table,
    ...Object.values(slots),
    gradient,
    touched,
    lossSums,
    lossUniform,
    propagated,
    scratch,
    tableGradient,
  ]

  return {
    horizon,
    table,
    slots,
    embeddings,
    steps,
    sampler,
    planner,
    lossSums,
    lossUniform,
    sampleDispatch: sampler.bind(planner.planUniform),
    lossDispatch: lossKernel.bind({ losses: gradientStep.losses, sums: lossSums, lossSum: lossUniform }, 0),
    forward: forward ?? [],
    step: [...(forward ?? []), ...gradientStep.dispatches, ...(backward ?? []), update],
    destroy: () => {
      for (const buffer of own) buffer?.destroy()
      for (const part of [steps, sampler, planner, gradientStep, propagation]) part?.destroy()
    },
  }
}
