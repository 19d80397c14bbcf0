import {
  checkLearningRate,
  positivesInStep,
  SpecError,
  stepsPerEpoch,
  type Embeddings,
  type FitSpec,
  type FitState,
  type Optimizer,
  type Profile,
  type ProfiledFit,
  type StepsReport,
} from '@gradrec/engine'
import type { ComputePass } from './computePass.ts'
import { DispatchTimer } from './dispatchTimer.ts'
import { InFlight } from './inFlight.ts'
import type { KernelDevice } from './kernelDevice.ts'
import { recordedNames, recordedScale } from './recording.ts'
import { joinMoments, slotNames, splitMoments, stepScalars } from './optimizerState.ts'
import { buildRun, type RunParts } from './runParts.ts'

/**
 * A training run on a WebGPU device. Triples do not depend on the model, so a horizon of steps is drawn and sorted at once;
 * each step is then score → segment sum → update, with propagation before and after for LightGCN. With lazy updates all rows
 * are brought up to date at the end of every epoch, so that where a run is read or resumed does not change its bits.
 */
export class WebGpuFit implements ProfiledFit {
  readonly stepsPerEpoch: number
  readonly stepsAtOnce: number
  readonly #device: KernelDevice
  readonly #spec: FitSpec
  readonly #parts: RunParts
  /** The spec's, with the learning rate of the next step. */
  #optimizer: Optimizer
  #step = 0
  /** The step at which all rows were last up to date. */
  #settledAt = 0

  private constructor(device: KernelDevice, spec: FitSpec, parts: RunParts) {
    this.#device = device
    this.#spec = spec
    this.#parts = parts
    this.#optimizer = spec.optimizer
    this.stepsPerEpoch = stepsPerEpoch(spec)
    this.stepsAtOnce = parts.horizon
  }

  static async create(device: KernelDevice, spec: FitSpec): Promise<WebGpuFit> {
    return new WebGpuFit(device, spec, await buildRun(device, spec))
  }

  get step(): number {
    return this.#step
  }

  /**
   * While the device works on a horizon the host encodes the next ones: it waits for losses only when enough is on its way, and
   * what it writes for a horizon is ordered among the submits like everything else.
   */
  async steps(count: number): Promise<StepsReport> {
    this.#device.check()
    const { losses } = this.#parts
    let triples = 0
    let done = 0
    let lossSum = 0
    const inFlight = new InFlight(this.#device.tuning.dispatchesInFlight)
    while (done < count) {
      const size = this.#nextHorizon(count - done)
      await inFlight.add(size * this.#parts.step.length, async () => {
        triples += this.#prepare(size)
        for (const record of this.#pieces(size)) this.#device.submit(record)
        const sums = losses.read(size)
        this.#step += size
        if (this.#step % this.stepsPerEpoch === 0) this.#settle()
        for (const loss of await sums) lossSum += loss
      })
      done += size
    }
    await inFlight.all()
    return { steps: count, triples, lossSum }
  }

  async profile(count: number): Promise<Profile> {
    this.#device.check()
    const timer = new DispatchTimer(this.#device)
    try {
      let done = 0
      while (done < count) {
        const size = this.#nextHorizon(count - done)
        this.#prepare(size)
        for (const record of this.#pieces(size)) await timer.run(record)
        this.#step += size
        if (this.#step % this.stepsPerEpoch === 0) {
          this.#prepareSettling()
          await timer.run((pass) => this.#encodeSettling(pass))
        }
        done += size
      }
      return { steps: count, kernels: timer.kernels, clock: timer.clock }
    } finally {
      timer.destroy()
    }
  }

  async embeddings(): Promise<Embeddings> {
    this.#settle()
    const { interactions, dimension } = this.#spec
    const { embed, embeddings, steps } = this.#parts
    if (embed.length > 0) {
      this.#device.submit((pass) => {
        steps.select(pass, 0)
        for (const dispatch of embed) this.#device.encode(pass, dispatch)
      })
    }
    const { rows, columnCount } = interactions
    const values = await this.#device.readFloats(embeddings, (rows + columnCount) * dimension)
    return {
      users: { rows, dimension, values: values.subarray(0, rows * dimension) },
      items: { rows: columnCount, dimension, values: values.subarray(rows * dimension) },
    }
  }

  async setLearningRate(learningRate: number): Promise<void> {
    this.#device.check()
    checkLearningRate(learningRate)
    // Rows that lag behind have to drift there at the old rate.
    this.#settle()
    this.#useLearningRate(learningRate)
  }

  async read(): Promise<FitState> {
    this.#settle()
    const { table, storedMoments, recorded } = this.#parts
    const length = this.#spec.initialTable.length
    const names = slotNames(this.#spec.optimizer)
    const moments = await this.#device.readFloats(storedMoments, length * names.length)
    const recordings = recordedNames(this.#spec)
    const recordedValues = await this.#device.readFloats(recorded, length * recordings.length)
    const slots = splitMoments(moments, names)
    for (const [part, name] of recordings.entries()) {
      slots[name] = recordedValues.slice(part * length, (part + 1) * length)
    }
    return {
      step: this.#step,
      learningRate: this.#optimizer.learningRate,
      table: await this.#device.readFloats(table, length),
      slots,
    }
  }

  async restore(state: FitState): Promise<void> {
    this.#device.check()
    checkLearningRate(state.learningRate)
    const length = this.#spec.initialTable.length
    const checked = (name: string, values: Float32Array | undefined): Float32Array => {
      if (values?.length === length) return values
      throw new SpecError(
        `the state's ${name} has ${values?.length ?? 'no'} numbers; expected ${length}: it belongs to another run`,
      )
    }
    const table = checked('table', state.table)
    const moments = slotNames(this.#spec.optimizer).map((name) => checked(name, state.slots[name]))
    const recordings = recordedNames(this.#spec).map((name) => checked(name, state.slots[name]))
    this.#device.write(this.#parts.table, table)
    this.#device.write(this.#parts.storedMoments, joinMoments(moments))
    for (const [part, values] of recordings.entries()) {
      this.#device.write(this.#parts.recorded, values, part * values.byteLength)
    }
    this.#parts.lazy?.declareSettled(state.step)
    this.#step = state.step
    this.#settledAt = state.step
    this.#useLearningRate(state.learningRate)
  }

  close(): void {
    this.#parts.destroy()
  }

  /** All rows are up to date. */
  #useLearningRate(learningRate: number): void {
    if (learningRate === this.#optimizer.learningRate) return
    this.#optimizer = { ...this.#optimizer, learningRate }
    if (this.#optimizer.kind === 'adam') this.#parts.lazy?.use(this.#optimizer)
  }

  /** Brings rows that lazy updates left behind up to now. */
  #settle(): void {
    if (this.#settledAt === this.#step) return
    this.#prepareSettling()
    this.#device.submit((pass) => this.#encodeSettling(pass))
  }

  #prepareSettling(): void {
    this.#parts.lazy?.prepareSettling(this.#step)
    this.#settledAt = this.#step
  }

  #encodeSettling(pass: ComputePass): void {
    this.#parts.lazy?.encodeSettling(pass)
  }

  /** Steps that are planned next, when `left` are wanted: never across the end of an epoch. */
  #nextHorizon(left: number): number {
    return Math.min(this.#parts.horizon, left, this.stepsPerEpoch - (this.#step % this.stepsPerEpoch))
  }

  /** Writes what the next `size` steps need and returns how many triples they train on. */
  #prepare(size: number): number {
    const { sampler, planner, lazy, rowMarks, steps, losses } = this.#parts
    const { objective, sampler: drawing } = this.#spec
    const { learningRate } = this.#optimizer
    const values = Array.from({ length: size }, (_, index) => {
      const step = this.#step + index
      const positives = positivesInStep(this.#spec, step)
      const triples = positives * drawing.negatives
      return {
        index,
        stamp: step + 1,
        positives,
        inverseTriples: 1 / triples,
        ...stepScalars(this.#optimizer, step + 1),
        learningRate,
        recordedScale: recordedScale(this.#spec, learningRate, triples),
        decay: objective.kind === 'dice' ? objective.decay ** Math.floor(step / this.stepsPerEpoch) : 1,
      }
    })
    steps.write(values)
    sampler.prepare(this.#step, size)
    planner.prepare(this.#step, size)
    lazy?.prepare(this.#step, size)
    rowMarks?.prepare(size)
    losses.prepare(size)
    return values.reduce((sum, { positives }) => sum + positives * drawing.negatives, 0)
  }

  /** What `size` steps encode, in order and in pieces that are submitted one by one: the plan, the steps, the sums of losses. */
  *#pieces(size: number): Generator<(pass: ComputePass) => void> {
    const { sampler, planner, lazy, rowMarks, steps, sampleDispatch, losses, step } = this.#parts
    yield (pass) => {
      sampler.encode(pass, sampleDispatch, size)
      planner.encode(pass, size)
      lazy?.encode(pass, size)
      rowMarks?.encode(pass, size)
    }
    const stepsPerSubmit = Math.max(1, Math.floor(this.#device.tuning.dispatchesPerSubmit / step.length))
    for (let from = 0; from < size; from += stepsPerSubmit) {
      const end = Math.min(from + stepsPerSubmit, size)
      yield (pass) => {
        for (let index = from; index < end; index++) {
          steps.select(pass, index)
          for (const dispatch of step) this.#device.encode(pass, dispatch)
        }
        if (end === size) losses.encode(pass, size)
      }
    }
  }
}
