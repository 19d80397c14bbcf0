import type { AdamOptimizer, FitSpec } from '@gradrec/engine'
import type { ComputePass } from './computePass.ts'
import { driftNumbers } from './driftTable.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { adamConstants } from './optimizerState.ts'
import { lanesFor } from './tuning.ts'
import { catchUp, linkTouches, markTouches } from './wgsl.generated.ts'

/** Bytes of the buffers of lazy updates. */
export function lazySizes(
  optimizer: AdamOptimizer,
  rows: number,
  horizon: number,
): Readonly<Record<'lastSteps' | 'touches' | 'drift', number>> {
  return {
    lastSteps: rows * 4,
    touches: rows * touchWordsFor(horizon) * 4,
    drift: driftNumbers(optimizer).numbers.byteLength,
  }
}

/** Words of 32 steps that a row's marks take. */
function touchWordsFor(horizon: number): number {
  return Math.ceil(horizon / 32)
}

/** The buffers of the run that lazy updates work on. */
export interface LazyBuffers {
  readonly table: GPUBuffer
  readonly storedMoments: GPUBuffer
  readonly runs: GPUBuffer
}

/** Constants of wgsl/drift.wgsl. */
export interface DriftConstants {
  readonly settles: number
  readonly fades: number
  readonly fewSteps: number
}

interface Own {
  readonly lastSteps: GPUBuffer
  readonly drift: GPUBuffer
  readonly touches: GPUBuffer
  readonly catching: GPUBuffer
  readonly horizonRuns: GPUBuffer
}

interface LazyDispatches {
  readonly mark: Dispatch
  readonly link: Dispatch
  readonly catchUp: Dispatch
}

/**
 * What lazy Adam needs besides the update itself: which steps of a horizon touch which rows, the numbers of drift, and the pass
 * that brings lagging rows up to date.
 */
export class LazyUpdates {
  readonly driftConstants: DriftConstants
  readonly #device: KernelDevice
  readonly #rows: number
  readonly #occurrences: number
  readonly #own: Own
  readonly #dispatches: LazyDispatches
  #learningRate: number

  private constructor(
    device: KernelDevice,
    spec: FitSpec,
    learningRate: number,
    driftConstants: DriftConstants,
    own: Own,
    dispatches: LazyDispatches,
  ) {
    this.#device = device
    this.#rows = spec.interactions.rows + spec.interactions.columnCount
    this.#occurrences = spec.batch * (spec.sampler.negatives + 2)
    this.#learningRate = learningRate
    this.driftConstants = driftConstants
    this.#own = own
    this.#dispatches = dispatches
  }

  /** @param horizon steps planned at once, at most */
  static async create(
    device: KernelDevice,
    spec: FitSpec,
    optimizer: AdamOptimizer,
    horizon: number,
    { table, storedMoments, runs }: LazyBuffers,
  ): Promise<LazyUpdates> {
    const { interactions, dimension } = spec
    const rows = interactions.rows + interactions.columnCount
    const vectors = dimension / 4
    const { workgroupSize } = device.tuning
    const lanes = lanesFor(vectors, device.tuning)
    const touchWords = touchWordsFor(horizon)
    const sizes = lazySizes(optimizer, rows, horizon)
    const { numbers, ...driftConstants } = driftNumbers(optimizer)
    const own = await device.allocate('the state of lazy updates', () => ({
      lastSteps: device.storage('last steps of rows', sizes.lastSteps),
      drift: device.upload('numbers of drift', numbers),
      touches: device.storage('steps that touch rows', sizes.touches),
      catching: device.uniform('catching up', catchUp.uniforms.catching, {
        rows,
        upTo: 0,
        isHorizon: 0,
        learningRate: 0,
      }),
      horizonRuns: device.uniform('runs of a horizon', markTouches.uniforms.horizonRuns, { steps: 0, occurrences: 0 }),
    }))
    const { lastSteps, drift, touches, catching, horizonRuns } = own
    const markKernel = await device.kernel(markTouches, { touchWords })
    const linkKernel = await device.kernel(linkTouches, { touchWords })
    const catchUpKernel = await device.kernel(catchUp, {
      vectors,
      lanes,
      workgroupSize,
      touchWords,
      ...driftConstants,
      ...adamConstants(optimizer),
    })
    return new LazyUpdates(device, spec, optimizer.learningRate, driftConstants, own, {
      mark: markKernel.bind({ runs, touches, horizonRuns }, 0),
      link: linkKernel.bind({ runs, touches, horizonRuns }, 0),
      catchUp: catchUpKernel.bind(
        { table, storedMoments, lastSteps, touches, drift, catching },
        Math.ceil((rows * lanes) / workgroupSize),
      ),
    })
  }

  /** Of every row the step its moments are up to date with: kernels/catchUp.wgsl. */
  get lastSteps(): GPUBuffer {
    return this.#own.lastSteps
  }

  /** See wgsl/drift.wgsl. */
  get drift(): GPUBuffer {
    return this.#own.drift
  }

  /** Goes on with another learning rate; every row is up to date. */
  use({ learningRate }: AdamOptimizer): void {
    this.#learningRate = learningRate
  }

  /** Writes what a horizon of `steps` steps needs that begins after step `done`. */
  prepare(done: number, steps: number): void {
    const values = { steps, occurrences: this.#occurrences }
    this.#device.writeUniform(this.#own.horizonRuns, markTouches.uniforms.horizonRuns, values)
    this.#writeCatchUp(done, true)
  }

  /** Marks the rows of the horizon whose plan has just been encoded, and brings them to their first touch. */
  encode(pass: ComputePass, steps: number): void {
    const workgroups = Math.ceil((steps * this.#occurrences) / 64)
    this.#device.encode(pass, this.#dispatches.mark, workgroups)
    this.#device.encode(pass, this.#dispatches.link, workgroups)
    this.#device.encode(pass, this.#dispatches.catchUp)
  }

  /** Writes what bringing every row up to step `done` needs. */
  prepareSettling(done: number): void {
    this.#writeCatchUp(done, false)
  }

  encodeSettling(pass: ComputePass): void {
    this.#device.encode(pass, this.#dispatches.catchUp)
  }

  /** Declares every row up to date with step `done`, as after reading a state. */
  declareSettled(done: number): void {
    this.#device.write(this.lastSteps, new Uint32Array(this.#rows).fill(done))
  }

  destroy(): void {
    for (const buffer of Object.values(this.#own)) (buffer as GPUBuffer).destroy()
  }

  #writeCatchUp(upTo: number, isHorizon: boolean): void {
    this.#device.writeUniform(this.#own.catching, catchUp.uniforms.catching, {
      rows: this.#rows,
      upTo,
      isHorizon: isHorizon ? 1 : 0,
      learningRate: this.#learningRate,
    })
  }
}
