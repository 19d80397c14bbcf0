import type { DeviceInfo } from '@gradrec/engine'

/** How work is cut up for a device. None of it changes what is computed, some of it the order in which floats are added. */
export interface Tuning {
  /** Invocations that share a row, a power of two; at most a quarter of the row's width is used. */
  readonly lanes: number
  readonly workgroupSize: number
  /** Workgroups in the first dimension of a grid before it is folded into the second; at most the device's limit. */
  readonly gridWidth: number
  /** Edges of a row that one lane group adds up, at most. */
  readonly edgesPerChunk: number
  /** Steps planned at once, at most, and occurrences they may hold together. */
  readonly horizonSteps: number
  readonly horizonOccurrences: number
  /** Dispatches of one submit, about: enough to pay for it, few enough that a browser's watchdog never bites. */
  readonly dispatchesPerSubmit: number
  /**
   * Dispatches that may be on their way while the host encodes more: enough to keep a device busy, few enough for drivers, one of
   * which was seen to crash at 25,000.
   */
  readonly dispatchesInFlight: number
  /** Scores that ranking keeps on the device at once; 16 MiB stay in a large GPU's cache. */
  readonly rankScores: number
  /** Blocks whose lists may be on their way to the host while more are encoded. */
  readonly rankBlocksInFlight: number
}

/**
 * Lane groups of a warp's width suit a GPU, whose neighbouring lanes then read neighbouring memory; drivers that run on the
 * CPU pay for every barrier and do best with one invocation a row.
 */
export function defaultTuning(kind: DeviceInfo['kind'], limits: GPUSupportedLimits): Tuning {
  return {
    lanes: kind === 'software' ? 1 : 32,
    workgroupSize: kind === 'software' ? 64 : 256,
    gridWidth: limits.maxComputeWorkgroupsPerDimension,
    edgesPerChunk: 256,
    horizonSteps: 512,
    horizonOccurrences: 1 << 20,
    dispatchesPerSubmit: 256,
    dispatchesInFlight: 4096,
    rankScores: 4 << 20,
    rankBlocksInFlight: 8,
  }
}

/** Lanes for rows of `vectors` vec4s: no more than there is work for. */
export function lanesFor(vectors: number, tuning: Tuning): number {
  let lanes = 1
  while (lanes < vectors && lanes < tuning.lanes) lanes *= 2
  return lanes
}
