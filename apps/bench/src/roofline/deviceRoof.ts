import type { Engine } from '@gradrec/engine'

/** What a device can do at best, as measured; kernels are held against it. */
export interface DeviceRoof {
  /** Plain copies, the smallest first: bytes of the buffer that is copied, and bytes read plus bytes written a second. */
  readonly copies: readonly CopyRoof[]
  /** Float32 multiplications plus additions a second; left out where it is not measured, as on WebGPU. */
  readonly operationsPerSecond?: number | undefined
  /** Microseconds of a dispatch with nothing to do but wait for the one before it; on WebGPU. */
  readonly microsecondsPerDispatch?: number | undefined
}

export interface CopyRoof {
  readonly bytes: number
  readonly bytesPerSecond: number
}

/** What both engines can measure, and what one of them can. */
interface SpeedMeasures {
  measureCopy(bytes: number, options?: { readonly rounds?: number }): Promise<{ readonly bytesPerSecond: number }>
  measureArithmetic?(options?: { readonly rounds?: number }): Promise<{ readonly operationsPerSecond: number }>
  measureDispatches?(
    dispatches: number,
    options?: { readonly rounds?: number },
  ): Promise<{ readonly microsecondsPerDispatch: number }>
}

/** From what a core's own cache holds to what only main memory does. */
const COPIED_BYTES = [18, 20, 22, 23, 24, 26, 28].map((power) => 2 ** power)
const DISPATCHES = 200

/**
 * @param stop called between measurements; throws to stop
 * @throws Error for an engine that cannot measure
 */
export async function measureRoof(
  engine: Engine,
  rounds: number,
  stop: () => void,
  copiedBytes: readonly number[] = COPIED_BYTES,
): Promise<DeviceRoof> {
  if (!canMeasure(engine)) throw new Error(`the engine ${engine.name} does not measure what its device can do`)
  const copies: CopyRoof[] = []
  for (const bytes of copiedBytes) {
    stop()
    const { bytesPerSecond } = await engine.measureCopy(bytes, { rounds })
    copies.push({ bytes, bytesPerSecond })
  }
  const arithmetic = await engine.measureArithmetic?.({ rounds })
  const dispatches = await engine.measureDispatches?.(DISPATCHES, { rounds })
  return {
    copies,
    ...(arithmetic !== undefined && { operationsPerSecond: arithmetic.operationsPerSecond }),
    ...(dispatches !== undefined && { microsecondsPerDispatch: dispatches.microsecondsPerDispatch }),
  }
}

function canMeasure(engine: Engine): engine is Engine & SpeedMeasures {
  return 'measureCopy' in engine
}

/** Bytes a second of the copy of the largest buffer: main memory's. */
export function memoryCopy({ copies }: Pick<DeviceRoof, 'copies'>): number {
  return copies.at(-1)?.bytesPerSecond ?? Number.NaN
}

/** Bytes a second of the copy of a buffer of so many bytes: between two measured ones by the logarithm of the size. */
export function copyOf(bytes: number, { copies }: Pick<DeviceRoof, 'copies'>): number {
  const above = copies.findIndex((copy) => copy.bytes >= bytes)
  const [low, high] = [copies[above - 1], copies[above]]
  if (high === undefined) return memoryCopy({ copies })
  if (low === undefined) return high.bytesPerSecond
  const share = Math.log(bytes / low.bytes) / Math.log(high.bytes / low.bytes)
  return low.bytesPerSecond + share * (high.bytesPerSecond - low.bytesPerSecond)
}
