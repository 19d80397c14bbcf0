import type { ComputePass } from './computePass.ts'
import type { KernelDevice } from './kernelDevice.ts'
import { packUniform, type ValuesOf } from './shader.ts'
import { score } from './wgsl.generated.ts'

export type StepValues = ValuesOf<typeof score.uniforms.step>

/** WebGPU's guaranteed alignment of a uniform binding's dynamic offset. */
const STRIDE = 256

/** Of the uniform, filled up to whole vec4s. */
const BYTES = 16 * Math.ceil(Object.keys(score.uniforms.step).length / 4)

/** The per-step uniforms of a horizon in one buffer; a dispatch selects its step's by dynamic offset. */
export class StepUniforms {
  readonly #device: KernelDevice
  readonly #buffer: GPUBuffer
  readonly #bindGroup: GPUBindGroup

  constructor(device: KernelDevice, steps: number) {
    this.#device = device
    this.#buffer = device.gpu.createBuffer({
      label: 'steps',
      size: steps * STRIDE,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    })
    this.#bindGroup = device.gpu.createBindGroup({
      label: 'steps',
      layout: device.stepLayout,
      entries: [{ binding: 0, resource: { buffer: this.#buffer, size: BYTES } }],
    })
  }

  write(steps: readonly StepValues[]): void {
    const data = new Uint8Array(steps.length * STRIDE)
    for (const [index, values] of steps.entries()) {
      data.set(new Uint8Array(packUniform(score.uniforms.step, values)), index * STRIDE)
    }
    this.#device.gpu.queue.writeBuffer(this.#buffer, 0, data)
  }

  /** Makes what is encoded next see the values of step `index` of the horizon. */
  select(pass: ComputePass, index: number): void {
    pass.setBindGroup(1, this.#bindGroup, [index * STRIDE])
  }

  destroy(): void {
    this.#buffer.destroy()
  }
}

/** What kernels outside a training run see as their step: nothing is marked as touched by it. */
export const NO_STEP: StepValues = {
  index: 0,
  stamp: 1,
  positives: 0,
  inverseTriples: 0,
  stepSize: 0,
  sqrtCorrection: 1,
  horizon: 1,
  recordedScale: 0,
  decay: 1,
}
