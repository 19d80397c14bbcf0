import {
  checkFitSpec,
  checkMemory,
  type Corrections,
  type DeviceInfo,
  type Engine,
  type FitShape,
  type FitSpec,
  type Graph,
  type Matrix,
  type MemoryPlan,
  type Ranking,
  type RankOptions,
} from '@gradrec/engine'
import { measureCopy, measureDispatches, type CopySpeed, type DispatchCost, type SpeedOptions } from './deviceSpeed.ts'
import { fitMemoryPlan } from './fitMemoryPlan.ts'
import type { KernelDevice } from './kernelDevice.ts'
import { Propagation } from './propagation.ts'
import { rankOnDevice } from './ranker.ts'
import { NO_STEP, StepUniforms } from './stepUniforms.ts'
import { rankVariantsOnDevice } from './variantRanker.ts'
import { WebGpuFit } from './webGpuFit.ts'

/** The seam's verbs on a WebGPU device. */
export class WebGpuEngine implements Engine {
  readonly name = 'webgpu'
  readonly #device: KernelDevice

  constructor(device: KernelDevice) {
    this.#device = device
  }

  get device(): DeviceInfo {
    return this.#device.info
  }

  memoryPlan(shape: FitShape): MemoryPlan {
    return fitMemoryPlan(this.#device, shape)
  }

  async fit(spec: FitSpec): Promise<WebGpuFit> {
    checkFitSpec(spec)
    checkMemory(this.memoryPlan(spec))
    return WebGpuFit.create(this.#device, spec)
  }

  async rank(users: Matrix, items: Matrix, options: RankOptions): Promise<Ranking> {
    return rankOnDevice(this.#device, users, items, options)
  }

  async rankVariants(
    users: Matrix,
    items: Matrix,
    corrections: Corrections,
    options: RankOptions,
  ): Promise<readonly Ranking[]> {
    return rankVariantsOnDevice(this.#device, users, items, corrections, options)
  }

  async propagate(table: Matrix, graph: Graph, layers: number): Promise<Matrix> {
    const device = this.#device
    const bytes = table.values.byteLength
    const buffers = await device.allocate('the propagated table', () => ({
      from: device.upload('the table', table.values),
      scratch: device.storage('propagation scratch', bytes),
      result: device.storage('propagated embeddings', bytes),
    }))
    const propagation = await Propagation.create(device, graph, table.dimension)
    const steps = new StepUniforms(device, 1)
    steps.write([NO_STEP])
    try {
      const dispatches = await propagation.mean(buffers.from, layers, buffers.scratch, buffers.result, 'all')
      device.submit((pass) => {
        steps.select(pass, 0)
        for (const dispatch of dispatches) device.encode(pass, dispatch)
      })
      const values = await device.readFloats(layers === 0 ? buffers.from : buffers.result, table.values.length)
      return { rows: table.rows, dimension: table.dimension, values }
    } finally {
      propagation.destroy()
      steps.destroy()
      for (const buffer of Object.values(buffers)) buffer.destroy()
    }
  }

  /** How fast the device copies a buffer of so many bytes: `measureCopy` in deviceSpeed.ts. */
  async measureCopy(bytes: number, options: SpeedOptions = {}): Promise<CopySpeed> {
    return measureCopy(this.#device, bytes, options)
  }

  /** What a dispatch costs that waits for the one before it: `measureDispatches` in deviceSpeed.ts. */
  async measureDispatches(dispatches: number, options: SpeedOptions = {}): Promise<DispatchCost> {
    return measureDispatches(this.#device, dispatches, options)
  }

  async close(): Promise<void> {
    await this.#device.close()
  }
}
