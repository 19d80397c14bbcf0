import type { StepCounts } from '../stepCounts.ts'
import { streamed, together, WORD, type Work } from '../work.ts'
import { WASM_PLAN, WEBGPU_PLAN } from './segmentSum.ts'

// Kernels of the plan work on integers alone: their operations are not counted, and hardly any of them is bound by memory.

/** packages/kernels/src/planner.ts: keys in a workgroup's tile, bits of a digit. */
const TILE = 2048
const DIGIT_BITS = 4

/**
 * `sample` and `sampleStep`: rows of 4 P (K + 2) bytes written; of each positive its interaction, its user and where the user's items
 * begin and end, read. Looking for the items that a user lacks reads more of the user's items, a few each, which is not counted.
 */
export function sample({ positives, negatives }: StepCounts): Work {
  return streamed(WORD * positives * (negatives + 2) + 4 * WORD * positives)
}

/**
 * `groupStep`, WebAssembly's counting sort: rows read and numbers of runs written, read again to place occurrences; runs of 16 bytes
 * written twice.
 */
export function groupStep({ positives, negatives, touchedRows }: StepCounts): Work {
  const places = positives * (negatives + 2)
  return streamed((3 * WORD + WASM_PLAN.place) * places + 2 * WASM_PLAN.run * touchedRows)
}

/** Passes of WebGPU's radix sort: a used key differs from the unused one in the digits looked at. */
export function sortPasses({ rows }: Pick<StepCounts, 'rows'>): number {
  let passes = 1
  while (2 ** (DIGIT_BITS * passes) - 1 < rows) passes++
  return passes
}

function keysOf({ positives, negatives }: StepCounts): number {
  return positives * (negatives + 2)
}

function tilesOf(counts: StepCounts): number {
  return Math.ceil(keysOf(counts) / TILE)
}

/** `countDigits`: keys read and 16 counts a tile written, in every pass. */
export function countDigits(counts: StepCounts): Work {
  return streamed(sortPasses(counts) * WORD * (keysOf(counts) + 2 ** DIGIT_BITS * tilesOf(counts)))
}

/** `scanCounts`: 16 counts a tile read and written in every pass, and once more one a tile, for runs. */
export function scanCounts(counts: StepCounts): Work {
  return streamed(2 * WORD * tilesOf(counts) * (2 ** DIGIT_BITS * sortPasses(counts) + 1))
}

/** `scatterKeys`: keys and, but for the first pass, where they came from, read and written; counts read. */
export function scatterKeys(counts: StepCounts): Work {
  const passes = sortPasses(counts)
  const perKey = passes * 4 * WORD - WORD
  return streamed(perKey * keysOf(counts) + passes * WORD * 2 ** DIGIT_BITS * tilesOf(counts))
}

/** `countRuns`: keys read, a count a tile written. */
export function countRuns(counts: StepCounts): Work {
  return streamed(WORD * (keysOf(counts) + tilesOf(counts)))
}

/** `writeRuns`: keys read, R runs written. */
export function writeRuns(counts: StepCounts): Work {
  return together(countRuns(counts), streamed(WEBGPU_PLAN.run * counts.touchedRows))
}

/** `sumLosses`: a loss for each positive read, a sum written; P additions. */
export function sumLosses({ positives }: StepCounts): Work {
  return streamed(WORD * positives + 2 * WORD, positives)
}
