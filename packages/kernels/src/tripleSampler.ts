import { rowOfEachEntry, stepsPerEpoch, type FitSpec } from '@gradrec/engine'
import type { BuffersOf } from './shader.ts'
import type { ComputePass } from './computePass.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { createMarginDraw } from './marginDraw.ts'
import { sample } from './wgsl.generated.ts'

/** What the kernels that draw triples share: wgsl/sampling.wgsl, without the plan. */
export type SamplingBuffers = Omit<BuffersOf<typeof sample>, 'plan'>

/** How negatives are drawn. */
export interface NegativeDraw {
  readonly bind: (buffers: BuffersOf<typeof sample>) => Dispatch
  /** Writes what depends on the steps. */
  readonly prepare: (firstStep: number, steps: number) => void
  readonly destroy: () => void
}

/** Draws the triples of a horizon: see kernels/sample.wgsl and kernels/sampleByMargin.wgsl. */
export class TripleSampler {
  /** [step][occurrences]: for each positive the rows of the user, the positive and the negatives. */
  readonly rowsOfStep: GPUBuffer
  readonly #device: KernelDevice
  readonly #buffers: SamplingBuffers
  readonly #negatives: NegativeDraw
  readonly #batch: number

  private constructor(device: KernelDevice, buffers: SamplingBuffers, negatives: NegativeDraw, batch: number) {
    this.#device = device
    this.rowsOfStep = buffers.rowsOfStep
    this.#buffers = buffers
    this.#negatives = negatives
    this.#batch = batch
  }

  /** @param steps planned at once, at most */
  static async create(device: KernelDevice, spec: FitSpec, steps: number): Promise<TripleSampler> {
    const { batch, sampler, interactions } = spec
    const buffers = await device.allocate('the training interactions', () => samplingBuffers(device, spec, steps))
    const negatives =
      sampler.margin === undefined
        ? await createUniformDraw(device, spec)
        : await createMarginDraw(device, sampler.margin, interactions, { steps, stepsPerEpoch: stepsPerEpoch(spec) })
    return new TripleSampler(device, buffers, negatives, batch)
  }

  /** The dispatch that draws a horizon described by a `plan` uniform. */
  bind(plan: GPUBuffer): Dispatch {
    return this.#negatives.bind({ ...this.#buffers, plan })
  }

  /** Writes what the next horizon needs; to be called before what `encode` recorded is submitted. */
  prepare(firstStep: number, steps: number): void {
    this.#negatives.prepare(firstStep, steps)
  }

  encode(pass: ComputePass, dispatch: Dispatch, steps: number): void {
    this.#device.encode(pass, dispatch, Math.ceil((steps * this.#batch) / 64))
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) buffer.destroy()
    this.#negatives.destroy()
  }
}

function samplingBuffers(device: KernelDevice, spec: FitSpec, steps: number): SamplingBuffers {
  const { interactions, sampler, batch } = spec
  const byUser = sampler.positives === 'user'
  const drawFrom = byUser ? activeUsers(spec) : rowOfEachEntry(interactions)
  return {
    rowPointer: device.upload('row pointers of the interactions', interactions.rowPointer),
    columns: device.upload('items of the interactions', interactions.columns),
    drawFrom: device.upload('users to draw', drawFrom),
    rowsOfStep: device.storage('sampled triples', steps * batch * (sampler.negatives + 2) * 4),
    sampling: device.uniform('sampling', sample.uniforms.sampling, {
      seedLow: spec.seed >>> 0,
      seedHigh: Math.floor(spec.seed / 2 ** 32),
      users: interactions.rows,
      items: interactions.columnCount,
      interactions: interactions.columns.length,
      batch,
      negatives: sampler.negatives,
      stepsPerEpoch: stepsPerEpoch(spec),
      byUser: byUser ? 1 : 0,
      activeUsers: byUser ? drawFrom.length : 0,
      distinct: sampler.distinct === true ? 1 : 0,
    }),
  }
}

async function createUniformDraw(device: KernelDevice, { arms }: FitSpec): Promise<NegativeDraw> {
  const kernel = await device.kernel(sample, { hasArms: arms === undefined ? 0 : 1 })
  return { bind: (buffers) => kernel.bind(buffers, 0), prepare: () => undefined, destroy: () => undefined }
}

function activeUsers({ interactions }: FitSpec): Uint32Array {
  const users: number[] = []
  for (let user = 0; user < interactions.rows; user++) {
    if (interactions.rowPointer[user + 1]! > interactions.rowPointer[user]!) users.push(user)
  }
  return Uint32Array.from(users)
}
