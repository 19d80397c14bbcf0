import { DeviceUnavailableError, SpecError, type DeviceInfo } from '@gradrec/engine'
import { openCallerCrew, openWorkerCrew, type Crew, type Entry } from './crew.ts'
import { LinearMemory } from './linearMemory.ts'
import { canShareMemory, coreCount, processorName } from './platform.ts'
import { plainWasm, sharedWasm, sizes } from './wasm.generated.ts'

export interface OpenWasmOptions {
  /** Threads that compute, 1 … 256. Default: one a core. The result's bits do not depend on it. */
  readonly threads?: number
  /**
   * Where the work is done. `workers`: in worker threads on shared memory, and the caller's thread stays free. `caller`: in the
   * caller's own thread, one thread, in slices of some hundredths of a second. Default: `workers` where memory can be shared
   * (Node, and browser pages that are cross-origin isolated), else `caller`.
   */
  readonly run?: 'workers' | 'caller'
  /** Bytes that the engine's memory may grow to. Default, and the most that 32-bit addresses reach: 4 GiB less 64 KiB. */
  readonly memoryLimit?: number
}

const MOST_THREADS = 256

/** A memory, the threads that work on it, and the queue of what they are asked to do. */
export class WasmDevice {
  readonly info: DeviceInfo
  readonly memory: LinearMemory
  readonly #crew: Crew
  readonly #team: number
  #queue: Promise<void> = Promise.resolve()

  private constructor(info: DeviceInfo, memory: LinearMemory, crew: Crew) {
    this.info = info
    this.memory = memory
    this.#crew = crew
    this.#team = memory.allocate(sizes.team, 'the team of threads').address
  }

  /**
   * @throws SpecError for options out of range, or more than one thread in the caller's
   * @throws DeviceUnavailableError where there is no WebAssembly SIMD, or workers are asked for and memory cannot be shared
   */
  static async open({ threads, run, memoryLimit }: OpenWasmOptions = {}): Promise<WasmDevice> {
    const usesWorkers = (run ?? (canShareMemory() ? 'workers' : 'caller')) === 'workers'
    if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS)) {
      throw new SpecError(`threads is ${threads}; expected a whole number from 1 to ${MOST_THREADS}`)
    }
    if (usesWorkers && !canShareMemory()) {
      throw new DeviceUnavailableError(
        'workers need shared memory, which is not there: serve the page with the headers Cross-Origin-Opener-Policy: ' +
          'same-origin and Cross-Origin-Embedder-Policy: require-corp, or let the engine run in the caller’s thread',
      )
    }
    if (run === 'caller' && threads !== undefined && threads > 1) {
      throw new SpecError(`threads is ${threads} and run is "caller", which is one thread; leave one of them out`)
    }
    const module = await compile(usesWorkers ? sharedWasm : plainWasm)
    const memory = new LinearMemory(usesWorkers, memoryLimit)
    const count = usesWorkers ? Math.min(threads ?? coreCount(), MOST_THREADS) : 1
    const crew = usesWorkers
      ? await openWorkerCrew(module, memory.memory, count)
      : openCallerCrew(module, memory.memory)
    return new WasmDevice(describeDevice(count, usesWorkers), memory, crew)
  }

  get threads(): number {
    return this.#crew.threads
  }

  /** True where jobs run in the caller's own thread and should be short. */
  get blocksCaller(): boolean {
    return this.#crew.blocksCaller
  }

  /** What blocks of a job say about the threads. */
  get teamFields(): { readonly threads: number; readonly team: number } {
    return { threads: this.threads, team: this.#team }
  }

  /**
   * Runs a job on all threads, after those asked for before.
   *
   * @param meanwhile what the caller's thread does while others compute
   */
  run(entry: Entry, block: number, meanwhile?: () => void): Promise<void> {
    const job = this.#queue.then(() => {
      this.memory.words(this.#team, sizes.team / 4).fill(0)
      return this.#crew.run(entry, block, this.#team, meanwhile)
    })
    this.#queue = job.catch(() => {})
    return job
  }

  /** Calls `then` when no job is left that was asked for so far. */
  whenIdle(then: () => void): void {
    this.#queue = this.#queue.then(then)
  }

  async close(): Promise<void> {
    await this.#crew.close()
  }
}

async function compile(base64: string): Promise<WebAssembly.Module> {
  const text = atob(base64)
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    throw new DeviceUnavailableError('this JavaScript engine has no WebAssembly SIMD; any from 2022 on has', { cause })
  }
}

function describeDevice(threads: number, usesWorkers: boolean): DeviceInfo {
  const speed = `WebAssembly SIMD, ${threads} thread${threads === 1 ? '' : 's'}`
  return {
    name: processorName() ?? speed,
    vendor: '',
    architecture: 'wasm32 simd128',
    kind: 'software',
    reason: usesWorkers ? `the CPU by ${speed}` : `the CPU by ${speed}: the caller's own, without shared memory`,
  }
}
