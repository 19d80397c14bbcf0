import { SpecError, type Profile } from '@gradrec/engine'
import { blockBytes, writeBlock } from './block.ts'
import type { Entry } from './crew.ts'
import { addressesFrom, layOut } from './layout.ts'
import { blocks } from './wasm.generated.ts'
import type { WasmDevice } from './wasmDevice.ts'

/** How fast a device copies memory. */
export interface CopySpeed {
  /** Bytes read plus bytes written, over the time of the fastest round. */
  readonly bytesPerSecond: number
  /** Of every round. */
  readonly milliseconds: readonly number[]
  readonly clock: Profile['clock']
}

/** How fast a device computes from registers. */
export interface ArithmeticSpeed {
  /** Float32 multiplications plus additions, over the time of the fastest round. */
  readonly operationsPerSecond: number
  /** Of every round. */
  readonly milliseconds: readonly number[]
  readonly clock: Profile['clock']
}

export interface SpeedOptions {
  /** Default 10. */
  readonly rounds?: number
}

/** Copies within one round add up to so many bytes, so that handing the job to the threads does not count. */
const BYTES_PER_ROUND = 1 << 28
/** In bytes: `STRIDE` in assembly/speed.ts. */
const STRIDE = 128
const REPEATS_PER_ROUND = 1 << 22
/** Floating-point operations of one repeat: ten vectors of four, multiplied and added. */
const OPERATIONS = 80

/**
 * What a plain copy of a buffer of `bytes` (rounded up to 128) reaches, all threads together, each its own share: the measure of what
 * kernels that are bound by memory can. Small buffers stay in the processor's caches, which is as interesting.
 *
 * @throws LimitError when the memory has no room for twice as much
 */
export async function measureCopy(device: WasmDevice, bytes: number, options: SpeedOptions = {}): Promise<CopySpeed> {
  if (!(bytes > 0)) throw new SpecError(`a copy of ${bytes} bytes says nothing; expected more than 0`)
  const size = Math.ceil(bytes / STRIDE) * STRIDE
  const repeats = Math.max(1, Math.ceil(BYTES_PER_ROUND / size))
  const milliseconds = await timeRounds(device, 'copyRepeatedly', size, repeats, options)
  return { bytesPerSecond: (2 * size * repeats) / (Math.min(...milliseconds) / 1e3), milliseconds, clock: 'host' }
}

/** What multiplying and adding reaches that waits for neither memory nor itself, all threads together. */
export async function measureArithmetic(device: WasmDevice, options: SpeedOptions = {}): Promise<ArithmeticSpeed> {
  const milliseconds = await timeRounds(device, 'multiplyAdd', STRIDE, REPEATS_PER_ROUND, options)
  const operations = OPERATIONS * REPEATS_PER_ROUND * device.threads
  return { operationsPerSecond: operations / (Math.min(...milliseconds) / 1e3), milliseconds, clock: 'host' }
}

/** One more round, the first, is not counted. */
async function timeRounds(
  device: WasmDevice,
  entry: Entry,
  bytes: number,
  repeats: number,
  { rounds = 10 }: SpeedOptions,
): Promise<number[]> {
  const layout = layOut({
    block: blockBytes(blocks.SpeedBlock),
    original: bytes,
    duplicate: bytes,
    results: 64 * device.threads,
  })
  const region = device.memory.allocate(layout.bytes, 'the buffers of a measurement')
  try {
    const at = addressesFrom(region.address, layout)
    const { original, duplicate, results } = at
    const values = { original, duplicate, bytes, results, repeats, ...device.teamFields }
    writeBlock(device.memory, at.block, blocks.SpeedBlock, values)
    // A page that was never written to may be one of zeros that all share.
    device.memory.words(original, bytes / 4).fill(1)
    const milliseconds: number[] = []
    for (let round = 0; round <= rounds; round++) {
      const begin = performance.now()
      await device.run(entry, at.block)
      milliseconds.push(performance.now() - begin)
    }
    return milliseconds.slice(1)
  } finally {
    device.memory.free(region)
  }
}
