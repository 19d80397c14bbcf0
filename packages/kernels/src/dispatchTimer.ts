import type { KernelTime, Profile } from '@gradrec/engine'
import type { ComputePass } from './computePass.ts'
import { kernelName, type KernelDevice } from './kernelDevice.ts'

/** Queries that one set holds, at most, on any device; two for a dispatch. */
const MOST_QUERIES = 4096

/** A dispatch as it was encoded. */
interface Recorded {
  readonly pipeline: GPUComputePipeline
  readonly groups: readonly (readonly [GPUBindGroup, number[]])[]
  readonly x: number
  readonly y: number
}

/** Keeps dispatches instead of encoding them. */
class RecordedPass implements ComputePass {
  readonly dispatches: Recorded[] = []
  #pipeline: GPUComputePipeline | undefined
  readonly #groups: (readonly [GPUBindGroup, number[]])[] = []

  setPipeline(pipeline: GPUComputePipeline): void {
    this.#pipeline = pipeline
  }

  setBindGroup(index: number, group: GPUBindGroup, offsets: number[] = []): void {
    this.#groups[index] = [group, offsets]
  }

  dispatchWorkgroups(x: number, y = 1): void {
    if (this.#pipeline === undefined) throw new Error('a dispatch needs a pipeline')
    this.dispatches.push({ pipeline: this.#pipeline, groups: [...this.#groups], x, y })
  }
}

/**
 * Runs dispatches one by one and says how long each kernel took: by the device's timestamps around a pass of its own for each
 * dispatch where the device has them, else by the host's clock around a submit that is waited for.
 */
export class DispatchTimer {
  readonly clock: Profile['clock']
  readonly #device: KernelDevice
  readonly #kernels = new Map<string, { calls: number; milliseconds: number }>()
  readonly #timestamps: Timestamps | undefined

  constructor(device: KernelDevice) {
    this.#device = device
    this.#timestamps = device.hasTimestamps ? new Timestamps(device, MOST_QUERIES) : undefined
    this.clock = this.#timestamps === undefined ? 'host' : 'device'
  }

  /** What has been timed so far, each kernel where it was first met. */
  get kernels(): readonly KernelTime[] {
    return [...this.#kernels].map(([kernel, { calls, milliseconds }]) => ({ kernel, calls, milliseconds }))
  }

  /** Runs and times everything that `record` dispatches. */
  async run(record: (pass: ComputePass) => void): Promise<void> {
    const recorded = new RecordedPass()
    record(recorded)
    const atOnce = this.#timestamps === undefined ? 1 : MOST_QUERIES / 2
    for (let from = 0; from < recorded.dispatches.length; from += atOnce) {
      const dispatches = recorded.dispatches.slice(from, from + atOnce)
      const times =
        this.#timestamps === undefined ? await this.#timeOnHost(dispatches) : await this.#timeOnDevice(dispatches)
      for (const [n, { pipeline }] of dispatches.entries()) this.#add(kernelName(pipeline.label), times[n] ?? 0)
    }
  }

  destroy(): void {
    this.#timestamps?.destroy()
  }

  async #timeOnHost(dispatches: readonly Recorded[]): Promise<number[]> {
    const { queue } = this.#device.gpu
    const times: number[] = []
    for (const dispatch of dispatches) {
      await queue.onSubmittedWorkDone()
      const begin = performance.now()
      this.#device.submit((pass) => replay(pass, dispatch))
      await queue.onSubmittedWorkDone()
      times.push(performance.now() - begin)
    }
    return times
  }

  async #timeOnDevice(dispatches: readonly Recorded[]): Promise<number[]> {
    const timestamps = this.#timestamps as Timestamps
    this.#device.submitCommands((encoder) => {
      for (const [n, dispatch] of dispatches.entries()) {
        const pass = encoder.beginComputePass({ timestampWrites: timestamps.around(n) })
        replay(pass, dispatch)
        pass.end()
      }
      timestamps.resolve(encoder, dispatches.length)
    })
    return timestamps.read(dispatches.length)
  }

  #add(kernel: string, milliseconds: number): void {
    const sums = this.#kernels.get(kernel) ?? { calls: 0, milliseconds: 0 }
    sums.calls++
    sums.milliseconds += milliseconds
    this.#kernels.set(kernel, sums)
  }
}

/** Pairs of timestamps, each around one pass. */
export class Timestamps {
  readonly #device: KernelDevice
  readonly #querySet: GPUQuerySet
  readonly #resolved: GPUBuffer

  constructor(device: KernelDevice, queries: number) {
    this.#device = device
    this.#querySet = device.gpu.createQuerySet({ label: 'timestamps', type: 'timestamp', count: queries })
    this.#resolved = device.gpu.createBuffer({
      label: 'timestamps',
      size: 8 * queries,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    })
  }

  /** To be written around pass `n`. */
  around(n: number): GPUComputePassTimestampWrites {
    return { querySet: this.#querySet, beginningOfPassWriteIndex: 2 * n, endOfPassWriteIndex: 2 * n + 1 }
  }

  resolve(encoder: GPUCommandEncoder, passes: number): void {
    encoder.resolveQuerySet(this.#querySet, 0, 2 * passes, this.#resolved, 0)
  }

  /** Milliseconds of each pass. */
  async read(passes: number): Promise<number[]> {
    const nanoseconds = new BigUint64Array(await this.#device.read(this.#resolved, 16 * passes))
    return Array.from({ length: passes }, (_, n) => Number(nanoseconds[2 * n + 1]! - nanoseconds[2 * n]!) / 1e6)
  }

  destroy(): void {
    this.#querySet.destroy()
    this.#resolved.destroy()
  }
}

function replay(pass: ComputePass, { pipeline, groups, x, y }: Recorded): void {
  pass.setPipeline(pipeline)
  for (const [index, [group, offsets]] of groups.entries()) pass.setBindGroup(index, group, offsets)
  pass.dispatchWorkgroups(x, y)
}
