import type { Rounds } from '../interleave.ts'
import { copyOf, memoryCopy, type DeviceRoof } from './deviceRoof.ts'
import { together, type Work } from './work.ts'

/** How near a kernel comes to what the device can do. */
export interface Reach {
  /** Compulsory bytes a second. */
  readonly bytesPerSecond: number
  /** Of the copy of the largest buffer. Above 1, operands were found in a cache. */
  readonly ofMemoryCopy: number
  readonly gatheredPerSecond: number
  /**
   * Of the copy whose two buffers are together as large as what rows are looked up in. Only where look-ups are most of the work: a kernel that
   * streams is not held against a cache.
   */
  readonly ofCacheCopy: number | undefined
  readonly operationsPerSecond: number
}

export function reachOf(
  { work, milliseconds }: { readonly work?: Work | undefined; readonly milliseconds: Pick<Rounds, 'median'> },
  roof: DeviceRoof,
): Reach | undefined {
  if (work === undefined || !(milliseconds.median > 0)) return undefined
  const seconds = milliseconds.median / 1000
  const bytesPerSecond = work.compulsoryBytes / seconds
  const gatheredPerSecond = work.gatheredBytes / seconds
  return {
    bytesPerSecond,
    ofMemoryCopy: bytesPerSecond / memoryCopy(roof),
    gatheredPerSecond,
    ofCacheCopy: isLookedUp(work) ? gatheredPerSecond / copyOf(work.gatheredFrom / 2, roof) : undefined,
    operationsPerSecond: work.operations / seconds,
  }
}

function isLookedUp({ compulsoryBytes, gatheredBytes, gatheredFrom }: Work): boolean {
  return gatheredFrom > 0 && gatheredBytes > 2 * compulsoryBytes
}

/** All kernels of a step as one: what they have to do and how long they take, the host's part as well. */
export function wholeStep(
  kernels: readonly { readonly work?: Work | undefined; readonly milliseconds: Pick<Rounds, 'median'> }[],
): { readonly kernel: 'step'; readonly work: Work; readonly milliseconds: Pick<Rounds, 'median'> } {
  const works = kernels.flatMap(({ work }) => (work === undefined ? [] : [work]))
  return {
    kernel: 'step',
    // Nothing is looked up in all of it.
    work: { ...together(NOTHING, ...works), gatheredFrom: 0 },
    milliseconds: { median: kernels.reduce((sum, { milliseconds }) => sum + milliseconds.median, 0) },
  }
}

const NOTHING: Work = { compulsoryBytes: 0, gatheredBytes: 0, gatheredFrom: 0, operations: 0 }
