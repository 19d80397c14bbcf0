import { DeviceLostError, LimitError, type DeviceInfo } from '@gradrec/engine'
import type { ComputePass } from './computePass.ts'
import { ShaderError } from './errors.ts'
import {
  originOfLine,
  packUniform,
  type BuffersOf,
  type ConstantsOf,
  type Shader,
  type UniformFields,
  type ValuesOf,
} from './shader.ts'
import { defaultTuning, type Tuning } from './tuning.ts'

/** A kernel with its buffers bound: ready to be encoded any number of times. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline
  readonly bindGroup: GPUBindGroup
  readonly workgroups: number
}

/** A compiled kernel. */
export interface Kernel<S extends Shader> {
  readonly shader: S
  /** Binds buffers for a grid of so many workgroups. */
  bind(buffers: BuffersOf<S>, workgroups: number): Dispatch
}

type Numbers = Float32Array | Uint32Array

/** Bytes written to the device at once; Dawn frees its staging memory only with a later submit. */
const UPLOAD_SLICE = 16 << 20

/** A WebGPU device with what every kernel needs: pipelines compiled once, buffers that respect limits, errors that surface. */
export class KernelDevice {
  readonly gpu: GPUDevice
  readonly info: DeviceInfo
  readonly tuning: Tuning
  /** Layout of group 1: the per-step uniform with its dynamic offset. */
  readonly stepLayout: GPUBindGroupLayout
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>()
  readonly #layouts = new Map<string, GPUBindGroupLayout>()
  #failure: Error | undefined
  #isClosed = false

  constructor(gpu: GPUDevice, info: DeviceInfo, tuning: Partial<Tuning> = {}) {
    this.gpu = gpu
    this.info = info
    this.tuning = { ...defaultTuning(info.kind, gpu.limits), ...tuning }
    this.stepLayout = gpu.createBindGroupLayout({
      label: 'step',
      entries: [
        { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true } },
      ],
    })
    void gpu.lost.then(({ reason, message }) => {
      if (this.#isClosed) return undefined
      this.#failure ??= new DeviceLostError(
        `${info.name} was lost (${reason}${message === '' ? '' : `: ${message.trim()}`}); ` +
          'what it held is gone: start again from the last checkpoint, with a smaller batch or dimension if memory was short',
      )
      return undefined
    })
    gpu.addEventListener('uncapturederror', (event) => {
      this.#failure ??= new DeviceLostError(`${info.name} reported: ${event.error.message.trim()}`)
    })
  }

  /** True where the device can tell when a pass begins and ends. */
  get hasTimestamps(): boolean {
    return this.gpu.features.has('timestamp-query')
  }

  /** Throws what went wrong on the device since the last call, if anything did. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#isClosed) throw new DeviceLostError(`${this.info.name} was closed`)
  }

  /**
   * A storage buffer, of at least one vec4 so that it can always be bound. Contents start as zero.
   *
   * @throws LimitError when it would not fit one binding; both numbers in the message
   */
  storage(label: string, bytes: number): GPUBuffer {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.gpu.limits
    const most = Math.min(maxStorageBufferBindingSize, maxBufferSize)
    if (bytes > most) {
      throw new LimitError(
        `${label} needs a buffer of ${bytes} bytes, but ${this.info.name} binds at most ${most}; ` +
          'use a smaller dimension, batch or number of negatives, or another device',
        bytes,
        most,
      )
    }
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage
    return this.gpu.createBuffer({ label, size: Math.max(16, align4(bytes)), usage: STORAGE | COPY_SRC | COPY_DST })
  }

  /** A storage buffer with these contents. */
  upload(label: string, numbers: Numbers): GPUBuffer {
    const buffer = this.storage(label, numbers.byteLength)
    this.write(buffer, numbers)
    return buffer
  }

  /** Writes numbers, from byte `at` of the buffer on. */
  write(buffer: GPUBuffer, numbers: Numbers, at = 0): void {
    for (let from = 0; from < numbers.byteLength; from += UPLOAD_SLICE) {
      const bytes = Math.min(UPLOAD_SLICE, numbers.byteLength - from)
      this.gpu.queue.writeBuffer(buffer, at + from, numbers.buffer as ArrayBuffer, numbers.byteOffset + from, bytes)
      if (bytes === UPLOAD_SLICE) this.gpu.queue.submit([])
    }
  }

  /** A uniform buffer for one of a shader's structs, filled. */
  uniform<F extends UniformFields>(label: string, fields: F, values: ValuesOf<F>): GPUBuffer {
    const data = packUniform(fields, values)
    const size = Math.ceil(data.byteLength / 16) * 16
    const buffer = this.gpu.createBuffer({ label, size, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
    this.gpu.queue.writeBuffer(buffer, 0, data)
    return buffer
  }

  writeUniform<F extends UniformFields>(buffer: GPUBuffer, fields: F, values: ValuesOf<F>): void {
    this.gpu.queue.writeBuffer(buffer, 0, packUniform(fields, values))
  }

  /** Copies `bytes` of a buffer to the host, after everything submitted so far. */
  async read(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    this.check()
    if (bytes === 0) return new ArrayBuffer(0)
    const size = align4(bytes)
    const { MAP_READ, COPY_DST } = GPUBufferUsage
    const staging = this.gpu.createBuffer({ label: 'readback', size, usage: MAP_READ | COPY_DST })
    try {
      this.submitCommands((encoder) => encoder.copyBufferToBuffer(buffer, 0, staging, 0, size))
      return await this.mapped(staging, bytes)
    } finally {
      staging.destroy()
    }
  }

  /** The first `bytes` of a buffer that the host can map, after everything submitted so far. */
  async mapped(staging: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, align4(bytes))
      const copy = staging.getMappedRange(0, align4(bytes)).slice(0, bytes)
      staging.unmap()
      return copy
    } catch (error) {
      // A lost device rejects the map as well: the loss is the better story.
      await Promise.race([this.gpu.lost, new Promise((resolve) => setTimeout(resolve, 50))])
      this.check()
      throw error
    } finally {
      this.check()
    }
  }

  async readFloats(buffer: GPUBuffer, count: number): Promise<Float32Array> {
    return new Float32Array(await this.read(buffer, count * 4))
  }

  async readWords(buffer: GPUBuffer, count: number): Promise<Uint32Array> {
    return new Uint32Array(await this.read(buffer, count * 4))
  }

  /**
   * Runs `make`, which creates buffers, and turns a refusal by the device into one error.
   *
   * @throws DeviceLostError when memory ran out
   */
  async allocate<T>(what: string, make: () => T): Promise<T> {
    this.check()
    this.gpu.pushErrorScope('out-of-memory')
    this.gpu.pushErrorScope('validation')
    const settle = async (): Promise<GPUError | null> => {
      const [invalid, exhausted] = await Promise.all([this.gpu.popErrorScope(), this.gpu.popErrorScope()])
      return exhausted ?? invalid
    }
    let made: T
    try {
      made = make()
    } catch (error) {
      await settle()
      throw error
    }
    const refusal = await settle()
    if (refusal === null) return made
    throw new DeviceLostError(
      `${this.info.name} could not hold ${what}: ${refusal.message.trim()}; ` +
        'use a smaller dimension or batch, or another device',
    )
  }

  /** Compiles a kernel, once for each set of constants. */
  async kernel<S extends Shader>(shader: S, constants: ConstantsOf<S>): Promise<Kernel<S>> {
    this.check()
    const layout = this.#layout(shader)
    const id = `${shader.file}|${JSON.stringify(constants)}`
    let compiling = this.#pipelines.get(id)
    if (compiling === undefined) {
      compiling = this.#compile(shader, constants, layout)
      this.#pipelines.set(id, compiling)
    }
    const pipeline = await compiling
    return {
      shader,
      bind: (buffers, workgroups) => {
        const entries = Object.keys(shader.bindings).map((name, binding) => ({
          binding,
          resource: { buffer: (buffers as Readonly<Record<string, GPUBuffer>>)[name] as GPUBuffer },
        }))
        return { pipeline, bindGroup: this.gpu.createBindGroup({ label: shader.file, layout, entries }), workgroups }
      },
    }
  }

  /** Encodes one dispatch; grids wider than the device allows are folded into two dimensions. */
  encode(pass: ComputePass, dispatch: Dispatch, workgroups: number = dispatch.workgroups): void {
    if (workgroups === 0) return
    const width = Math.min(workgroups, this.tuning.gridWidth)
    pass.setPipeline(dispatch.pipeline)
    pass.setBindGroup(0, dispatch.bindGroup)
    pass.dispatchWorkgroups(width, Math.ceil(workgroups / width))
  }

  /** Encodes and submits what `record` puts into one compute pass. */
  submit(record: (pass: GPUComputePassEncoder) => void): void {
    this.submitCommands((encoder) => {
      const pass = encoder.beginComputePass()
      record(pass)
      pass.end()
    })
  }

  /** Encodes and submits whatever `record` encodes. */
  submitCommands(record: (encoder: GPUCommandEncoder) => void): void {
    this.check()
    const encoder = this.gpu.createCommandEncoder()
    record(encoder)
    this.gpu.queue.submit([encoder.finish()])
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.gpu.queue.onSubmittedWorkDone().catch(() => undefined)
    this.gpu.destroy()
  }

  #layout(shader: Shader): GPUBindGroupLayout {
    let layout = this.#layouts.get(shader.file)
    if (layout === undefined) {
      const types = { read: 'read-only-storage', write: 'storage', uniform: 'uniform' } as const
      const entries = Object.values(shader.bindings).map((kind, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: types[kind] },
      }))
      layout = this.gpu.createBindGroupLayout({ label: shader.file, entries })
      this.#layouts.set(shader.file, layout)
    }
    return layout
  }

  async #compile(
    shader: Shader,
    constants: Record<string, number>,
    layout: GPUBindGroupLayout,
  ): Promise<GPUComputePipeline> {
    this.gpu.pushErrorScope('validation')
    const module = this.gpu.createShaderModule({ label: shader.file, code: shader.text })
    const scope = this.gpu.popErrorScope()
    const { messages } = await module.getCompilationInfo()
    await scope
    const errors = messages.filter((message) => message.type === 'error')
    if (errors.length > 0) {
      const lines = errors.map((error) => {
        const text = shader.text.split('\n')[error.lineNum - 1]?.trim() ?? ''
        return `${originOfLine(shader, error.lineNum)}: ${error.message} | ${text}`
      })
      throw new ShaderError(`WGSL did not compile: ${lines.join('; ')}`)
    }
    try {
      return await this.gpu.createComputePipelineAsync({
        label: shader.file,
        layout: this.gpu.createPipelineLayout({
          bindGroupLayouts: shader.usesStep ? [layout, this.stepLayout] : [layout],
        }),
        compute: { module, entryPoint: 'main', constants },
      })
    } catch (cause) {
      throw new ShaderError(
        `no pipeline for ${shader.file} with ${JSON.stringify(constants)}: ${cause instanceof Error ? cause.message.trim() : String(cause)}`,
        { cause },
      )
    }
  }
}

/** A kernel's name, from its file. */
export function kernelName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.wgsl$/, '')
}

function align4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4
}
