import type { StepCounts } from './stepCounts.ts'

/** What a kernel has to do in one step, all its calls together. Everything is float32 or 32-bit integers: four bytes each. */
export interface Work {
  /**
   * Bytes that have to be moved however clever the kernel is: every operand read once and every result written once, as if a cache held
   * all of a call's operands, and nothing of the call before.
   */
  readonly compulsoryBytes: number
  /** The same, but rows that are looked up by number are counted as often as they are looked up: no cache at all. */
  readonly gatheredBytes: number
  /**
   * Bytes that the look-ups go to; 0 where there are none. A kernel with `gatheredBytes` far above `compulsoryBytes` is held against
   * the copy of a buffer of this size, which is as near to it.
   */
  readonly gatheredFrom: number
  /**
   * Additions, subtractions, multiplications, divisions, roots of float32. Not counted: exponentials and logarithms, a few for each
   * triple beside its hundreds of products; integers, of which sampling and dropout are made.
   */
  readonly operations: number
}

/** The formula of one kernel's work. */
export type KernelModel = (counts: StepCounts) => Work

/** Bytes of a float32 or of an index. */
export const WORD = 4

/** Work without look-ups. */
export function streamed(bytes: number, operations = 0): Work {
  return { compulsoryBytes: bytes, gatheredBytes: bytes, gatheredFrom: 0, operations }
}

/** Look-ups of whole rows, of which `distinct` differ. */
export function lookedUp(lookUps: number, distinct: number, bytesPerRow: number, gatheredFrom: number): Work {
  return {
    compulsoryBytes: distinct * bytesPerRow,
    gatheredBytes: lookUps * bytesPerRow,
    gatheredFrom,
    operations: 0,
  }
}

/** Several things that one kernel does; of what they look things up in the largest counts. */
export function together(...parts: readonly Work[]): Work {
  return parts.reduce((sum, part) => ({
    compulsoryBytes: sum.compulsoryBytes + part.compulsoryBytes,
    gatheredBytes: sum.gatheredBytes + part.gatheredBytes,
    gatheredFrom: Math.max(sum.gatheredFrom, part.gatheredFrom),
    operations: sum.operations + part.operations,
  }))
}

/** The same a number of times a step. */
export function repeated(times: number, { gatheredFrom, ...work }: Work): Work {
  return {
    compulsoryBytes: times * work.compulsoryBytes,
    gatheredBytes: times * work.gatheredBytes,
    gatheredFrom: times > 0 ? gatheredFrom : 0,
    operations: times * work.operations,
  }
}
