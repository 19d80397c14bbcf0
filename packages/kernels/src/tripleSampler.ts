import { rowOfEachEntry, stepsPerEpoch, type FitSpec } from '@gradrec/engine'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { sample } from './wgsl.generated.ts'

/** Draws the triples of a horizon: see kernels/sample.wgsl. */
export class TripleSampler {
  /** [step][occurrences]: for each positive the rows of the user, the positive and the negatives. */
  readonly rowsOfStep: GPUBuffer
  readonly #device: KernelDevice
  readonly #buffers: readonly GPUBuffer[]
  readonly #bind: (plan: GPUBuffer) => Dispatch
  readonly #batch: number

  private constructor(
    device: KernelDevice,
    rowsOfStep: GPUBuffer,
    buffers: readonly GPUBuffer[],
    batch: number,
    bind: (plan: GPUBuffer) => Dispatch,
  ) {
    this.#device = device
    this.rowsOfStep = rowsOfStep
    this.#buffers = buffers
    this.#batch = batch
    this.#bind = bind
  }

  static async create(device: KernelDevice, spec: FitSpec, steps: number): Promise<TripleSampler> {
    const kernel = await device.kernel(sample, {})
    const { interactions, sampler, batch } = spec
    const byUser = sampler.positives === 'user'
    const drawFrom = byUser ? activeUsers(spec) : rowOfEachEntry(interactions)
    return device.allocate('the training interactions', () => {
      const rowPointer = device.upload('row pointers of the interactions', interactions.rowPointer)
      const columns = device.upload('items of the interactions', interactions.columns)
      const drawBuffer = device.upload('users to draw', drawFrom)
      const rowsOfStep = device.storage('sampled triples', steps * batch * (sampler.negatives + 2) * 4)
      const sampling = device.uniform('sampling', sample.uniforms.sampling, {
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
      })
      const bind = (plan: GPUBuffer): Dispatch =>
        kernel.bind({ rowPointer, columns, drawFrom: drawBuffer, rowsOfStep, sampling, plan }, 0)
      return new TripleSampler(device, rowsOfStep, [rowPointer, columns, drawBuffer, rowsOfStep, sampling], batch, bind)
    })
  }

  /** The dispatch that draws a horizon described by a `plan` uniform; see `workgroups` for its grid. */
  bind(plan: GPUBuffer): Dispatch {
    return this.#bind(plan)
  }

  encode(pass: GPUComputePassEncoder, dispatch: Dispatch, steps: number): void {
    this.#device.encode(pass, dispatch, Math.ceil((steps * this.#batch) / 64))
  }

  destroy(): void {
    for (const buffer of this.#buffers) buffer.destroy()
  }
}

function activeUsers({ interactions }: FitSpec): Uint32Array {
  const users: number[] = []
  for (let user = 0; user < interactions.rows; user++) {
    if (interactions.rowPointer[user + 1]! > interactions.rowPointer[user]!) users.push(user)
  }
  return Uint32Array.from(users)
}
