import {
  checkFitSpec,
  checkMemory,
  type DeviceInfo,
  type Corrections,
  type Engine,
  type Fit,
  type FitShape,
  type FitSpec,
  type Graph,
  type Matrix,
  type MemoryPlan,
  type Ranking,
  type RankOptions,
} from '@gradrec/engine'
import { fitMemoryPlan } from './fitMemoryPlan.ts'
import {
  measureArithmetic,
  measureCopy,
  type ArithmeticSpeed,
  type CopySpeed,
  type SpeedOptions,
} from './deviceSpeed.ts'
import { propagateOnce } from './propagateOnce.ts'
import { rankOnDevice, rankVariantsOnDevice } from './ranker.ts'
import type { WasmDevice } from './wasmDevice.ts'
import { WasmFit } from './wasmFit.ts'

/** The seam's verbs in WebAssembly. */
export class WasmEngine implements Engine {
  readonly name = 'wasm'
  readonly #device: WasmDevice

  constructor(device: WasmDevice) {
    this.#device = device
  }

  get device(): DeviceInfo {
    return this.#device.info
  }

  /** Threads that compute. */
  get threads(): number {
    return this.#device.threads
  }

  memoryPlan(shape: FitShape): MemoryPlan {
    return fitMemoryPlan(this.#device, shape)
  }

  async fit(spec: FitSpec): Promise<Fit> {
    checkFitSpec(spec)
    checkMemory(this.memoryPlan(spec))
    return new WasmFit(this.#device, spec)
  }

  async rankVariants(
    users: Matrix,
    items: Matrix,
    corrections: Corrections,
    options: RankOptions,
  ): Promise<readonly Ranking[]> {
    return rankVariantsOnDevice(this.#device, users, items, corrections, options)
  }

  async rank(users: Matrix, items: Matrix, options: RankOptions): Promise<Ranking> {
    return rankOnDevice(this.#device, users, items, options)
  }

  async propagate(table: Matrix, graph: Graph, layers: number): Promise<Matrix> {
    return propagateOnce(this.#device, table, graph, layers)
  }

  /** How fast the threads together copy a buffer of so many bytes: `measureCopy` in deviceSpeed.ts. */
  async measureCopy(bytes: number, options: SpeedOptions = {}): Promise<CopySpeed> {
    return measureCopy(this.#device, bytes, options)
  }

  /** How fast the threads together multiply and add: `measureArithmetic` in deviceSpeed.ts. */
  async measureArithmetic(options: SpeedOptions = {}): Promise<ArithmeticSpeed> {
    return measureArithmetic(this.#device, options)
  }

  async close(): Promise<void> {
    await this.#device.close()
  }
}
