import type { Profile } from '@gradrec/engine'
import { Timestamps } from './dispatchTimer.ts'
import type { Dispatch, KernelDevice } from './kernelDevice.ts'
import { copy, nextLink } from './wgsl.generated.ts'

/** How fast a device copies memory. */
export interface CopySpeed {
  /** Bytes read plus bytes written, over the time of the fastest round. */
  readonly bytesPerSecond: number
  /** Of every round. */
  readonly milliseconds: readonly number[]
  readonly clock: Profile['clock']
}

/** What a dispatch costs that has nothing to do but wait for the one before it. */
export interface DispatchCost {
  /** Of the fastest round. */
  readonly microsecondsPerDispatch: number
  /** Of every round, all its dispatches together. */
  readonly milliseconds: readonly number[]
  readonly clock: Profile['clock']
}

export interface SpeedOptions {
  /** Default 10. */
  readonly rounds?: number
}

/** Copies within one round of `measureCopy` add up to so many bytes, so that short ones are measured together. */
const BYTES_PER_ROUND = 1 << 28

const VECTORS_PER_WORKGROUP = 1024

/**
 * What a plain vec4 copy of a buffer of `bytes` (rounded up to 16) reaches: the measure of what kernels that are bound by memory
 * can. Small buffers stay in the device's caches, which is as interesting. Without timestamps it counts waiting for the device too.
 *
 * @throws LimitError when the device binds no buffer of this size
 */
export async function measureCopy(
  device: KernelDevice,
  bytes: number,
  { rounds = 10 }: SpeedOptions = {},
): Promise<CopySpeed> {
  const vectors = Math.ceil(bytes / 16)
  const buffers = await device.allocate('the buffers of a copy', () => ({
    original: device.storage('what is copied', 16 * vectors),
    duplicate: device.storage('a copy', 16 * vectors),
    copy: device.uniform('copy', copy.uniforms.copy, { vectors }),
  }))
  try {
    const dispatch = (await device.kernel(copy, {})).bind(buffers, Math.ceil(vectors / VECTORS_PER_WORKGROUP))
    const copies = Math.min(100, Math.ceil(BYTES_PER_ROUND / (16 * vectors)))
    const { milliseconds, clock } = await timeChain(device, dispatch, copies, rounds)
    return { bytesPerSecond: (copies * 32 * vectors) / (Math.min(...milliseconds) / 1e3), milliseconds, clock }
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy()
  }
}

/** What a dispatch costs, by a chain of `dispatches` in one pass, each of which waits for the one before it. */
export async function measureDispatches(
  device: KernelDevice,
  dispatches: number,
  { rounds = 10 }: SpeedOptions = {},
): Promise<DispatchCost> {
  const links = device.storage('links of a chain', 4)
  try {
    const dispatch = (await device.kernel(nextLink, {})).bind({ links }, 1)
    const { milliseconds, clock } = await timeChain(device, dispatch, dispatches, rounds)
    return { microsecondsPerDispatch: (1e3 * Math.min(...milliseconds)) / dispatches, milliseconds, clock }
  } finally {
    links.destroy()
  }
}

/** Milliseconds of a pass with `count` times the same dispatch, in every round; one more round, the first, is not counted. */
async function timeChain(
  device: KernelDevice,
  dispatch: Dispatch,
  count: number,
  rounds: number,
): Promise<{ readonly milliseconds: readonly number[]; readonly clock: Profile['clock'] }> {
  const timestamps = device.hasTimestamps ? new Timestamps(device, 2) : undefined
  const run = async (): Promise<number> => {
    await device.gpu.queue.onSubmittedWorkDone()
    const begin = performance.now()
    device.submitCommands((encoder) => {
      const pass = encoder.beginComputePass(timestamps && { timestampWrites: timestamps.around(0) })
      for (let n = 0; n < count; n++) device.encode(pass, dispatch)
      pass.end()
      timestamps?.resolve(encoder, 1)
    })
    const [time] = (await timestamps?.read(1)) ?? []
    if (time !== undefined) return time
    await device.gpu.queue.onSubmittedWorkDone()
    return performance.now() - begin
  }
  try {
    await run()
    const milliseconds: number[] = []
    for (let round = 0; round < rounds; round++) milliseconds.push(await run())
    return { milliseconds, clock: timestamps === undefined ? 'host' : 'device' }
  } finally {
    timestamps?.destroy()
  }
}
