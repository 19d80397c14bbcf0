import type { ComputePass } from './computePass.ts'
import type { KernelDevice } from './kernelDevice.ts'
import type { ValuesOf } from './shader.ts'
import { score } from './wgsl.generated.ts'

export type StepValues = ValuesOf<typeof score.uniforms.step>

/** WebGPU's guaranteed alignment of a uniform binding's dynamic offset. */
const STRIDE = 256

const FIELDS = Object.entries(score.uniforms.step) as [keyof StepValues, 'u32' | 'f32'][]

/** Of the uniform, filled up to whole vec4s. */
const BYTES = 16 * Math.ceil(FIELDS.length / 4)

/** The per-step uniforms of a horizon in one buffer; a dispatch selects its step's by dynamic offset. */
export class StepUniforms {
  readonly #device: KernelDevice
  readonly #buffer: GPUBuffer
  readonly #bindGroup: GPUBindGroup
  // What is written next, seen as either type.
  readonly #words: Uint32Array<ArrayBuffer>
  readonly #floats: Float32Array

  constructor(device: KernelDevice, steps: number) {
    this.#device = device
    this.#words = new Uint32Array((steps * STRIDE) / 4)
    this.#floats = new Float32Array(this.#words.buffer)
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

  /** Writes the values of a horizon's steps, for what is submitted next. */
  write(steps: readonly StepValues[]): void {
    for (const [index, values] of steps.entries()) {
      let place = (index * STRIDE) / 4
      for (const [name, type] of FIELDS) {
        if (type === 'u32') this.#words[place++] = values[name]
        else this.#floats[place++] = values[name]
      }
    }
    this.#device.gpu.queue.writeBuffer(this.#buffer, 0, this.#words, 0, (steps.length * STRIDE) / 4)
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
  learningRate: 0,
  recordedScale: 0,
  decay: 1,
}
