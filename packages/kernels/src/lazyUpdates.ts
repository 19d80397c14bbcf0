import { AdamDrift, type AdamOptimizer, type DriftTable, type FitSpec } from '@gradrec/engine'
import type { ComputePass } from './computePass.ts'
import type { Dispatch, Kernel, KernelDevice } from './kernelDevice.ts'
import { adamConstants } from './optimizerState.ts'
import { lanesFor } from './tuning.ts'
import { catchUp, markTouches } from './wgsl.generated.ts'

/** Lengths of the two tables that together give β2 to any power: kernels/catchUp.wgsl. */
const FINE_POWERS = 256
const COARSE_POWERS = 4096

/** Bytes of the buffers of lazy updates; the blocks of long spans may double a few times as steps are made. */
export function lazySizes(
  drift: AdamDrift,
  rows: number,
  horizon: number,
): Readonly<Record<'rowStates' | 'within' | 'recent' | 'longStart' | 'longBlocks' | 'powers', number>> {
  // Spans that begin after the first step take the most blocks.
  const mostBlocks = drift.long(1, 2).blocks.length / 4
  const spans = ((horizon + 1) * (horizon + 2)) / 2
  const { fades, settles } = drift
  return {
    rowStates: rows * 16,
    within: 4 * (2 * (horizon + 1) + spans + 1 + 4 * spans * mostBlocks),
    recent: 4 * (fades + 1 + 4 * fades * mostBlocks),
    longStart: 4 * (settles + 2),
    longBlocks: 16 * 4096,
    powers: 4 * (FINE_POWERS + COARSE_POWERS + fades),
  }
}

/** The buffers of the run that lazy updates work on. */
export interface LazyBuffers {
  readonly table: GPUBuffer
  readonly storedMoments: GPUBuffer
  readonly runs: GPUBuffer
}

/**
 * What lazy Adam needs besides the update itself: which steps of a horizon touch which rows, the drift tables, and the pass
 * that brings lagging rows up to date.
 */
export class LazyUpdates {
  /** vec4u a row: see wgsl/rowState.wgsl. */
  readonly rowStates: GPUBuffer
  /** Spans inside the current horizon: see wgsl/drift.wgsl. */
  readonly within: GPUBuffer
  readonly #device: KernelDevice
  readonly #rows: number
  readonly #occurrences: number
  readonly #buffers: LazyBuffers
  readonly #recent: GPUBuffer
  readonly #powers: GPUBuffer
  readonly #catching: GPUBuffer
  readonly #marking: GPUBuffer
  readonly #markDispatch: Dispatch
  readonly #catchUpKernel: Kernel<typeof catchUp>
  readonly #catchUpWorkgroups: number
  #optimizer: AdamOptimizer
  #drift: AdamDrift
  #longStart: GPUBuffer
  #longBlocks: GPUBuffer
  #longSpans = 0
  #catchUpDispatch: Dispatch

  private constructor(
    device: KernelDevice,
    spec: FitSpec,
    optimizer: AdamOptimizer,
    horizon: number,
    buffers: LazyBuffers,
    kernels: LazyKernels,
  ) {
    const { interactions, batch, sampler, dimension } = spec
    this.#device = device
    this.#drift = new AdamDrift(optimizer)
    this.#optimizer = optimizer
    this.#rows = interactions.rows + interactions.columnCount
    this.#occurrences = batch * (sampler.negatives + 2)
    this.#buffers = buffers
    const { fades, settles } = this.#drift
    const sizes = lazySizes(this.#drift, this.#rows, horizon)
    this.rowStates = device.storage('states of rows', sizes.rowStates)
    this.within = device.storage('drift within a horizon', sizes.within)
    this.#recent = device.storage('recent drift', sizes.recent)
    this.#longStart = device.storage('starts of long drift', sizes.longStart)
    this.#longBlocks = device.storage('long drift', sizes.longBlocks)
    const { beta1, beta2 } = optimizer
    const tables = [powers(beta2, FINE_POWERS), powers(beta2 ** FINE_POWERS, COARSE_POWERS), powers(beta1, fades)]
    this.#powers = device.upload('powers of the betas', Float32Array.from(tables.flatMap((table) => [...table])))
    const catching = { rows: this.#rows, upTo: 0, horizon: 0, fades, settles }
    this.#catching = device.uniform('catching up', catchUp.uniforms.catching, catching)
    this.#marking = device.uniform('marking', markTouches.uniforms.marking, { steps: 0, occurrences: 0 })
    this.#markDispatch = kernels.mark.bind({ runs: buffers.runs, rowStates: this.rowStates, marking: this.#marking }, 0)
    this.#catchUpKernel = kernels.catchUp
    const lanes = lanesFor(dimension / 4, device.tuning)
    this.#catchUpWorkgroups = Math.ceil((this.#rows * lanes) / device.tuning.workgroupSize)
    this.#catchUpDispatch = this.#bindCatchUp()
  }

  static async create(
    device: KernelDevice,
    spec: FitSpec,
    optimizer: AdamOptimizer,
    horizon: number,
    buffers: LazyBuffers,
  ): Promise<LazyUpdates> {
    const vectors = spec.dimension / 4
    const { workgroupSize } = device.tuning
    const lanes = lanesFor(vectors, device.tuning)
    const kernels: LazyKernels = {
      mark: await device.kernel(markTouches, {}),
      catchUp: await device.kernel(catchUp, {
        vectors,
        lanes,
        workgroupSize,
        ...adamConstants(optimizer),
      }),
    }
    return device.allocate(
      'the state of lazy updates',
      () => new LazyUpdates(device, spec, optimizer, horizon, buffers, kernels),
    )
  }

  /** Goes on with another learning rate; every row is up to date. */
  use(optimizer: AdamOptimizer): void {
    this.#optimizer = optimizer
    this.#drift = new AdamDrift(optimizer)
    // The drift of long spans is written anew as it is needed. A rate scales it and leaves its blocks where they were.
    this.#longSpans = 0
  }

  /** Writes the tables for a horizon of `steps` steps that begins after step `done`. */
  prepare(done: number, steps: number): void {
    const { beta1, beta2 } = this.#optimizer
    const within = this.#drift.within(done, steps)
    this.#device.write(this.within, packed([powers(beta1, steps + 1), powers(beta2, steps + 1)], within))
    this.#device.writeUniform(this.#marking, markTouches.uniforms.marking, { steps, occurrences: this.#occurrences })
    this.#writeCatchUp(done, steps)
  }

  /** Marks the rows of the horizon whose plan has just been encoded, and brings them to their first touch. */
  encode(pass: ComputePass, steps: number): void {
    this.#device.encode(pass, this.#markDispatch, Math.ceil((steps * this.#occurrences) / 64))
    this.#device.encode(pass, this.#catchUpDispatch)
  }

  /** Writes what bringing every row up to step `done` needs. */
  prepareSettling(done: number): void {
    this.#writeCatchUp(done, 0)
  }

  encodeSettling(pass: ComputePass): void {
    this.#device.encode(pass, this.#catchUpDispatch)
  }

  /** Declares every row up to date with step `done`, as after reading a state. */
  declareSettled(done: number): void {
    const states = new Uint32Array(this.#rows * 4)
    for (let row = 0; row < this.#rows; row++) states[row * 4] = done
    this.#device.write(this.rowStates, states)
  }

  destroy(): void {
    const { rowStates, within } = this
    const own = [
      rowStates,
      within,
      this.#recent,
      this.#longStart,
      this.#longBlocks,
      this.#powers,
      this.#catching,
      this.#marking,
    ]
    for (const buffer of own) buffer.destroy()
  }

  #writeCatchUp(target: number, horizon: number): void {
    const { fades, settles } = this.#drift
    this.#device.write(this.#recent, packed([], this.#drift.recent(target)))
    const values = { rows: this.#rows, upTo: target, horizon, fades, settles }
    this.#device.writeUniform(this.#catching, catchUp.uniforms.catching, values)
    this.#growLong(Math.min(target - fades, settles) + 1)
  }

  /** Long spans never change: only new ones are written, and the buffer of blocks doubles when it is full. */
  #growLong(spans: number): void {
    if (spans <= this.#longSpans) return
    const { start, blocks } = this.#drift.long(this.#longSpans, spans)
    const end = 16 * (start.at(-1) ?? 0)
    if (end > this.#longBlocks.size) {
      this.#longBlocks.destroy()
      this.#longBlocks = this.#device.storage('long drift', Math.max(end, 2 * this.#longBlocks.size))
      this.#device.write(this.#longBlocks, this.#drift.long(0, spans).blocks)
      this.#catchUpDispatch = this.#bindCatchUp()
    } else if (blocks.length > 0) {
      this.#device.gpu.queue.writeBuffer(this.#longBlocks, 16 * (start[0] ?? 0), blocks)
    }
    this.#device.gpu.queue.writeBuffer(this.#longStart, 4 * this.#longSpans, start)
    this.#longSpans = spans
  }

  #bindCatchUp(): Dispatch {
    const { table, storedMoments } = this.#buffers
    return this.#catchUpKernel.bind(
      {
        table,
        storedMoments,
        rowStates: this.rowStates,
        within: this.within,
        recent: this.#recent,
        longStart: this.#longStart,
        longBlocks: this.#longBlocks,
        powers: this.#powers,
        catching: this.#catching,
      },
      this.#catchUpWorkgroups,
    )
  }
}

interface LazyKernels {
  readonly mark: Kernel<typeof markTouches>
  readonly catchUp: Kernel<typeof catchUp>
}

function powers(base: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => base ** n)
}

/** Powers, starts and blocks as one buffer of 32-bit words, as the shaders read them. */
function packed(heads: readonly Float32Array[], { start, blocks }: DriftTable): Uint32Array {
  const parts = [...heads.map(wordsOf), start, wordsOf(blocks)]
  const words = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let place = 0
  for (const part of parts) {
    words.set(part, place)
    place += part.length
  }
  return words
}

function wordsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length)
}
