import type { FitShape } from './fitShape.ts'

/** Something that a run keeps in memory. */
export interface MemoryPart {
  /** With its article: "the embedding table". */
  readonly name: string
  readonly bytes: number
  /** What makes it smaller, for the end of a sentence: "a smaller batch". Left out where nothing does. */
  readonly remedy?: string
}

export interface MemoryLimit {
  /** Whether it bounds all parts of the engine together, or each of them, which is then one buffer. */
  readonly bounds: 'total' | 'part'
  readonly bytes: number
  /** What sets it, for the end of a sentence: "one WebAssembly memory can hold". */
  readonly reason: string
}

/** What a training run, or other work, will take, known before any of it is taken. */
export interface MemoryPlan {
  /** Default: "this training run". */
  readonly work?: string
  readonly engine: string
  /** In the engine's memory, to the byte. A part that exists several times is there several times. */
  readonly parts: readonly MemoryPart[]
  /** Sum of `parts`. */
  readonly bytes: number
  /** What the run and its making hold outside the engine's memory at the most, besides what the caller has: an estimate. */
  readonly host: readonly MemoryPart[]
  readonly limits: readonly MemoryLimit[]
  /** What nobody can know before: one sentence. */
  readonly unknown?: string
}

/** A limit that a plan goes beyond. */
export interface MemoryExcess {
  readonly limit: MemoryLimit
  /** The part that is too large; `undefined` where all together are. */
  readonly part: MemoryPart | undefined
  readonly needed: number
}

/** The plan of what is in `parts`; those without bytes are left out. */
export function memoryPlan(plan: Omit<MemoryPlan, 'bytes'>): MemoryPlan {
  const parts = plan.parts.filter(({ bytes }) => bytes > 0)
  return { ...plan, parts, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** The first limit that the plan goes beyond, `undefined` for a plan that fits. */
export function memoryExcess({ parts, bytes, limits }: MemoryPlan): MemoryExcess | undefined {
  for (const limit of limits) {
    if (limit.bounds === 'total') {
      if (bytes > limit.bytes) return { limit, part: undefined, needed: bytes }
      continue
    }
    const largest = parts.toSorted((a, b) => b.bytes - a.bytes)[0]
    if (largest !== undefined && largest.bytes > limit.bytes) return { limit, part: largest, needed: largest.bytes }
  }
  return undefined
}

/**
 * What a run holds in the JavaScript heap besides its spec, whichever engine trains it: copies of the interactions while they are
 * written, and with LightGCN its graph while it is built.
 */
export function hostParts({ interactions, backbone, sampler }: FitShape): MemoryPart[] {
  const pairs = interactions.columns.length
  const nodes = interactions.rows + interactions.columnCount
  const drawFrom = sampler.positives === 'user' ? interactions.rows : pairs
  return [
    { name: 'the user of every interaction, while it is written', bytes: 4 * drawFrom },
    // The transpose with the two orders it is sorted through, the edges in both directions, and the nodes' scales.
    { name: 'the graph, while it is built', bytes: backbone.kind === 'lgn' ? 4 * (5 * pairs + 6 * nodes) : 0 },
  ].filter(({ bytes }) => bytes > 0)
}

/** `1.5 GiB`: three digits, two below 10. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const
  let size = bytes
  let unit = 0
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024
  return `${size.toFixed(unit > 0 && size < 10 ? 1 : 0)} ${units[unit]}`
}
