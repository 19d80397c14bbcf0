import {
  positivesInStep,
  SpecError,
  stepsPerEpoch,
  type Embeddings,
  type Fit,
  type FitSpec,
  type FitState,
  type StepsReport,
} from '@gradrec/engine'
import type { KernelDevice } from './kernelDevice.ts'
import { joinMoments, slotNames, splitMoments, stepScalars } from './optimizerState.ts'
import { buildRun, type RunParts } from './runParts.ts'
import { sumLosses } from './wgsl.generated.ts'

/**
 * A training run on a WebGPU device. Triples do not depend on the model, so a horizon of steps is drawn and sorted at once;
 * each step is then score → segment sum → update, with propagation before and after for LightGCN. With lazy updates all rows
 * are brought up to date at the end of every epoch, so that where a run is read or resumed does not change its bits.
 */
export class WebGpuFit implements Fit {
  readonly stepsPerEpoch: number
  readonly stepsAtOnce: number
  readonly #device: KernelDevice
  readonly #spec: FitSpec
  readonly #parts: RunParts
  #step = 0
  /** The step at which all rows were last up to date. */
  #settledAt = 0

  private constructor(device: KernelDevice, spec: FitSpec, parts: RunParts) {
    this.#device = device
    this.#spec = spec
    this.#parts = parts
    this.stepsPerEpoch = stepsPerEpoch(spec)
    this.stepsAtOnce = parts.horizon
  }

  static async create(device: KernelDevice, spec: FitSpec): Promise<WebGpuFit> {
    return new WebGpuFit(device, spec, await buildRun(device, spec))
  }

  get step(): number {
    return this.#step
  }

  async steps(count: number): Promise<StepsReport> {
    let lossSum = 0
    let triples = 0
    let done = 0
    while (done < count) {
      const leftOfEpoch = this.stepsPerEpoch - (this.#step % this.stepsPerEpoch)
      const size = Math.min(this.#parts.horizon, count - done, leftOfEpoch)
      triples += this.#encodeHorizon(size)
      if (size === leftOfEpoch) this.#settle()
      for (const loss of await this.#device.readFloats(this.#parts.lossSums, size)) lossSum += loss
      done += size
    }
    return { steps: count, triples, lossSum }
  }

  async embeddings(): Promise<Embeddings> {
    this.#settle()
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
    this.#settle()
    const length = this.#spec.initialTable.length
    const names = slotNames(this.#spec.optimizer)
    const moments = await this.#device.readFloats(this.#parts.storedMoments, length * names.length)
    const table = await this.#device.readFloats(this.#parts.table, length)
    return { step: this.#step, table, slots: splitMoments(moments, names) }
  }

  async restore(state: FitState): Promise<void> {
    this.#device.check()
    const length = this.#spec.initialTable.length
    const arrays = slotNames(this.#spec.optimizer).map((name) => [name, state.slots[name]] as const)
    const checked: Float32Array[] = []
    for (const [name, values] of [['table', state.table] as const, ...arrays]) {
      if (values?.length !== length) {
        throw new SpecError(
          `the state's ${name} has ${values?.length ?? 'no'} numbers; expected ${length}: it belongs to another run`,
        )
      }
      checked.push(values)
    }
    this.#device.write(this.#parts.table, state.table)
    this.#device.write(this.#parts.storedMoments, joinMoments(checked.slice(1)))
    this.#parts.lazy?.declareSettled(state.step)
    this.#step = state.step
    this.#settledAt = state.step
  }

  close(): void {
    this.#parts.destroy()
  }

  /** Brings rows that lazy updates left behind up to now. */
  #settle(): void {
    if (this.#settledAt === this.#step) return
    this.#parts.lazy?.settle(this.#step)
    this.#settledAt = this.#step
  }

  /** Submits the next `size` steps and returns how many triples they train on. */
  #encodeHorizon(size: number): number {
    const { sampler, planner, lazy, steps, sampleDispatch, lossDispatch, lossUniform } = this.#parts
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
        horizon: size,
      }
    })
    steps.write(values)
    planner.prepare(this.#step, size)
    lazy?.prepare(this.#step, size)
    this.#device.writeUniform(lossUniform, sumLosses.uniforms.lossSum, { steps: size, batch: this.#spec.batch })
    this.#device.submit((pass) => {
      sampler.encode(pass, sampleDispatch, size)
      planner.encode(pass, size)
      lazy?.encode(pass, size)
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
