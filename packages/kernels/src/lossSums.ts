import type { ComputePass } from './computePass.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { sumLosses } from './wgsl.generated.ts'

/** Sums the losses of each step of a horizon on the device, and brings the sums to the host. */
export class LossSums {
  readonly #device: KernelDevice
  readonly #batch: number
  readonly #sums: GPUBuffer
  readonly #uniform: GPUBuffer
  readonly #dispatch: Dispatch
  /** Buffers that the host reads, free to be used again. */
  readonly #staging: GPUBuffer[] = []
  readonly #horizon: number

  private constructor(
    device: KernelDevice,
    horizon: number,
    batch: number,
    sums: GPUBuffer,
    uniform: GPUBuffer,
    dispatch: Dispatch,
  ) {
    this.#device = device
    this.#horizon = horizon
    this.#batch = batch
    this.#sums = sums
    this.#uniform = uniform
    this.#dispatch = dispatch
  }

  /** @param losses [steps of the horizon][batch]: see kernels/score.wgsl */
  static async create(device: KernelDevice, horizon: number, batch: number, losses: GPUBuffer): Promise<LossSums> {
    const kernel = await device.kernel(sumLosses, {})
    return device.allocate('loss sums', () => {
      const sums = device.storage('loss sums', horizon * 4)
      const lossSum = device.uniform('loss sums', sumLosses.uniforms.lossSum, { steps: 0, batch })
      return new LossSums(device, horizon, batch, sums, lossSum, kernel.bind({ losses, sums, lossSum }, 0))
    })
  }

  /** Writes what the next horizon needs; to be called before what `encode` recorded is submitted. */
  prepare(steps: number): void {
    const values = { steps, batch: this.#batch }
    this.#device.writeUniform(this.#uniform, sumLosses.uniforms.lossSum, values)
  }

  encode(pass: ComputePass, steps: number): void {
    this.#device.encode(pass, this.#dispatch, steps)
  }

  /**
   * The sums of the horizon submitted last, when the device has them; later horizons may be submitted before. A promise that
   * nobody awaits any more fails silently.
   */
  read(steps: number): Promise<Float32Array> {
    const { MAP_READ, COPY_DST } = GPUBufferUsage
    const staging =
      this.#staging.pop() ??
      this.#device.gpu.createBuffer({ label: 'loss sums', size: this.#horizon * 4, usage: MAP_READ | COPY_DST })
    this.#device.submitCommands((encoder) => encoder.copyBufferToBuffer(this.#sums, 0, staging, 0, steps * 4))
    const sums = this.#device.mapped(staging, steps * 4).then((bytes) => {
      this.#staging.push(staging)
      return new Float32Array(bytes)
    })
    sums.catch(() => staging.destroy())
    return sums
  }

  destroy(): void {
    for (const buffer of [this.#sums, this.#uniform, ...this.#staging]) buffer.destroy()
  }
}
