import {
  checkLearningRate,
  DeviceLostError,
  positivesInStep,
  SpecError,
  stepsPerEpoch,
  type Embeddings,
  type FitSpec,
  type FitState,
  type Profile,
  type ProfiledFit,
  type StepsReport,
} from '@gradrec/engine'
import { updateBlock, writeBlock, blockBytes } from './block.ts'
import type { Entry } from './crew.ts'
import { takeFitMemory, type FitMemory } from './fitMemory.ts'
import { placesPerStep } from './horizon.ts'
import { stepMargin } from './marginFields.ts'
import type { Tiling } from './neighbourTiles.ts'
import { stepWeights } from './objectiveFields.ts'
import { isLazy, momentNames, stepScalars } from './optimizerFields.ts'
import { readProfile } from './readProfile.ts'
import { readRecorded, RECORDED_NAMES, records, recordScale, writeRecorded } from './recordedSlots.ts'
import { readTable, writeTable } from './tables.ts'
import { blocks, sizes } from './wasm.generated.ts'
import type { WasmDevice } from './wasmDevice.ts'

/** Milliseconds of training at once in the caller's own thread. */
const SLICE = 30

/**
 * A training run in WebAssembly. Triples do not depend on the model, so a horizon of steps is drawn and grouped by row at once;
 * each step is then score → update, with propagation before and after for LightGCN. A horizon is one call.
 */
export class WasmFit implements ProfiledFit {
  readonly stepsPerEpoch: number
  readonly stepsAtOnce: number
  readonly #device: WasmDevice
  readonly #spec: FitSpec
  readonly #memory: FitMemory
  readonly #isLazy: boolean
  #step = 0
  #learningRate: number
  /** Lazy Adam: the step that every row is up to date with. */
  #settledAt = 0
  #stepsPerSlice = 1
  #isClosed = false
  /** Calls into the module so far. */
  #jobs = 0

  /**
   * @param spec one that `checkFitSpec` lets pass
   * @param tiling how propagation cuts its sums, which changes no bit
   */
  constructor(device: WasmDevice, spec: FitSpec, tiling?: Tiling) {
    this.#device = device
    this.#spec = spec
    this.#memory = takeFitMemory(device, spec, tiling)
    this.#isLazy = isLazy(spec.optimizer)
    this.#learningRate = spec.optimizer.learningRate
    this.stepsPerEpoch = stepsPerEpoch(spec)
    this.stepsAtOnce = this.#memory.horizon
  }

  get step(): number {
    return this.#step
  }

  async steps(count: number): Promise<StepsReport> {
    this.#check()
    let lossSum = 0
    let triples = 0
    for (let done = 0; done < count;) {
      const size = Math.min(this.#horizonFrom(this.#step), count - done)
      triples += await this.plan(size)
      const left = count - done - size
      await this.#train(size, () => {
        const next = this.#step + size
        this.#memory.drift()?.computeAhead(next, Math.min(this.#horizonFrom(next), left > 0 ? left : Infinity))
      })
      for (const loss of this.#device.memory.doubles(this.#memory.at.lossSums, size)) lossSum += loss
      this.#step += size
      done += size
      // So that what is read at the end of an epoch is what would have been trained on from without reading.
      if (this.#isLazy && this.#step % this.stepsPerEpoch === 0) await this.#settle()
    }
    return { steps: count, triples, lossSum }
  }

  /**
   * @returns phases by the functions of assembly/, as the first thread saw them, and last what is not in them: the host's part of a plan,
   * and handing work to threads
   */
  async profile(count: number): Promise<Profile> {
    this.#check()
    const { memory } = this.#device
    const { at, block } = this.#memory
    memory.doubles(at.phaseTimes, 2 * sizes.phases).fill(0)
    updateBlock(memory, block, blocks.FitBlock, { profiles: 1 })
    const jobs = this.#jobs
    const begin = performance.now()
    try {
      await this.steps(count)
    } finally {
      if (!this.#isClosed) updateBlock(memory, block, blocks.FitBlock, { profiles: 0 })
    }
    return readProfile(memory, at.phaseTimes, count, performance.now() - begin, this.#jobs - jobs)
  }

  async embeddings(): Promise<Embeddings> {
    this.#check()
    await this.#settle()
    const { at } = this.#memory
    const { interactions, dimension, backbone } = this.#spec
    let from = at.table
    if (backbone.kind === 'lgn') {
      await this.#run('propagate')
      from = backbone.layers % 2 === 0 ? at.layerA : at.layerB
    }
    const { rows, columnCount } = interactions
    const values = this.#device.memory.floats(from, (rows + columnCount) * dimension)
    return {
      users: { rows, dimension, values: values.slice(0, rows * dimension) },
      items: { rows: columnCount, dimension, values: values.slice(rows * dimension) },
    }
  }

  async setLearningRate(learningRate: number): Promise<void> {
    this.#check()
    checkLearningRate(learningRate)
    if (learningRate === this.#learningRate) return
    // Rows that lag behind drift at the rate of the steps they have missed.
    await this.#settle()
    this.#useLearningRate(learningRate)
  }

  async read(): Promise<FitState> {
    this.#check()
    await this.#settle()
    const { at } = this.#memory
    const copy = (address: number): Float32Array => readTable(this.#device.memory, this.#spec, address)
    const slots: Record<string, Float32Array> = {}
    for (const name of momentNames(this.#spec.optimizer)) slots[name] = copy(at[name])
    for (const name of this.#recordedNames) slots[name] = readRecorded(this.#device.memory, at, name, this.#spec)
    return { step: this.#step, learningRate: this.#learningRate, table: copy(at.table), slots }
  }

  async restore(state: FitState): Promise<void> {
    this.#check()
    const { at } = this.#memory
    const length = this.#spec.initialTable.length
    const moments = momentNames(this.#spec.optimizer)
    checkLearningRate(state.learningRate)
    for (const name of ['table', ...moments, ...this.#recordedNames]) {
      const found = name === 'table' ? state.table : state.slots[name]
      if (found?.length === length) continue
      throw new SpecError(
        `the state's ${name} has ${found?.length ?? 'no'} numbers; expected ${length}: it belongs to another run`,
      )
    }
    const { memory } = this.#device
    writeTable(memory, this.#spec, at.table, state.table)
    for (const name of moments) writeTable(memory, this.#spec, at[name], state.slots[name] as Float32Array)
    for (const name of this.#recordedNames) {
      writeRecorded(this.#device.memory, at, name, this.#spec, state.slots[name] as Float32Array)
    }
    this.#step = state.step
    this.#settledAt = state.step
    if (state.learningRate !== this.#learningRate) this.#useLearningRate(state.learningRate)
    if (!this.#isLazy) return
    // Every row is up to date with the state's step, and no touch ahead is known.
    const states = this.#device.memory.words(at.rowStates, (length / this.#spec.dimension) * 2)
    for (let word = 0; word < states.length; word += 2) {
      states[word] = state.step
      states[word + 1] = 0
    }
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#device.whenIdle(this.#memory.free)
  }

  /**
   * Draws and groups the next `size` steps; at most a horizon.
   *
   * @returns how many triples they train on
   */
  async plan(size: number): Promise<number> {
    const { memory } = this.#device
    const { at, block } = this.#memory
    const { optimizer, recording, sampler } = this.#spec
    const { negatives } = sampler
    const learningRate = this.#learningRate
    const drift = this.#memory.drift()
    drift?.prepare(this.#step, size)
    let triples = 0
    for (let index = 0; index < size; index++) {
      const step = this.#step + index
      const positives = positivesInStep(this.#spec, step)
      const epoch = Math.floor(step / this.stepsPerEpoch)
      triples += positives * negatives
      writeBlock(memory, at.steps + index * blockBytes(blocks.StepBlock), blocks.StepBlock, {
        number: step,
        epoch,
        position: (step - epoch * this.stepsPerEpoch) * this.#spec.batch,
        positives,
        inverseTriples: 1 / (positives * negatives),
        ...stepScalars({ ...optimizer, learningRate }, step + 1),
        recordScale: recordScale(recording, learningRate, positives * negatives),
        ...stepMargin(this.#spec, epoch),
        ...stepWeights(this.#spec, epoch),
        distinctUsers: 0,
      })
    }
    updateBlock(memory, block, blocks.FitBlock, { ...drift?.fields, done: this.#step, horizon: size })
    await this.#run('plan')
    return triples
  }

  /** Rows of the planned step `index`: for each slot the user, the positive and the negatives, items after users. */
  plannedRows(index: number): Uint32Array {
    const places = placesPerStep(this.#spec)
    const used = positivesInStep(this.#spec, this.#step + index) * (this.#spec.sampler.negatives + 2)
    return this.#device.memory.words(this.#memory.at.rowsOfStep + index * places * 4, used).slice()
  }

  /** Trains the planned steps: at once in worker threads, in slices in the caller's. */
  async #train(size: number, meanwhile: () => void): Promise<void> {
    const { block } = this.#memory
    for (let firstStep = 0; firstStep < size;) {
      const stepCount = this.#device.blocksCaller ? Math.min(this.#stepsPerSlice, size - firstStep) : size
      updateBlock(this.#device.memory, block, blocks.FitBlock, { firstStep, stepCount })
      const begin = performance.now()
      await this.#run('train', firstStep === 0 ? meanwhile : undefined)
      const milliseconds = performance.now() - begin
      this.#stepsPerSlice = Math.max(1, Math.floor((stepCount * SLICE) / Math.max(milliseconds, 0.1)))
      firstStep += stepCount
    }
  }

  /** Lazy Adam's horizons end with the epoch; for other optimizers it does not matter. */
  #horizonFrom(step: number): number {
    const left = this.stepsPerEpoch - (step % this.stepsPerEpoch)
    return this.#isLazy ? Math.min(this.#memory.horizon, left) : this.#memory.horizon
  }

  /** Brings every row up to date where updates are lazy. */
  async #settle(): Promise<void> {
    const { block } = this.#memory
    const drift = this.#memory.drift()
    if (drift === undefined || this.#settledAt === this.#step) return
    drift.prepareCatchUp(this.#step)
    updateBlock(this.#device.memory, block, blocks.FitBlock, { ...drift.fields, done: this.#step })
    await this.#run('catchUp')
    this.#settledAt = this.#step
  }

  #useLearningRate(learningRate: number): void {
    this.#memory.setLearningRate(learningRate)
    this.#learningRate = learningRate
  }

  get #recordedNames(): readonly ('recordedPositive' | 'recordedNegative')[] {
    return records(this.#spec) ? RECORDED_NAMES : []
  }

  /** A run that is closed while it works stops before the next job: its memory may be another's by then. */
  async #run(entry: Entry, meanwhile?: () => void): Promise<void> {
    this.#check()
    this.#jobs++
    await this.#device.run(entry, this.#memory.block, meanwhile)
    this.#check()
  }

  #check(): void {
    if (this.#isClosed) throw new DeviceLostError('this training run was closed; start a new one')
  }
}
