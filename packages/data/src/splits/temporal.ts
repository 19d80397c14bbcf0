import type { Csr } from '@gradrec/engine'
import { DataOptionError } from '../errors.ts'
import type { ThreeParts } from './iidByUser.ts'
import { pairsOfPart } from './pairsOfPart.ts'

/** Where the time line is cut: by shares of the interactions, or at given times. */
export type TemporalCut =
  | {
      /** Share of all interactions, 0 … 1. Default 0.1. */
      readonly validation?: number
      /** Share of all interactions, 0 … 1; with `validation` below 1 in sum. Default 0.1. */
      readonly test?: number
    }
  | {
      /** The time from which interactions validate, by the data's clock (mostly seconds since 1970). */
      readonly validationFrom: number
      /** The time from which interactions test; not before `validationFrom`. */
      readonly testFrom: number
    }

export interface TemporalParts extends ThreeParts {
  /** The times that cut: what happened at them or later validates, or tests. */
  readonly validationFrom: number
  readonly testFrom: number
}

/**
 * A global cut by time: the same two moments for all users, so that nothing is trained on that happened after what is tested.
 * Interactions of one moment stay together, in the later part, which can then be larger than its share. Users and items that
 * first occur after a cut have no training interaction.
 * Nothing is drawn.
 *
 * @param time parallel to the matrix's `columns`
 * Throws `DataOptionError` for shares or times out of range.
 */
export function splitTemporal(interactions: Csr, time: Float64Array, cut: TemporalCut = {}): TemporalParts {
  const { validationFrom, testFrom } = 'testFrom' in cut ? cut : momentsOf(time, cut)
  if (!(validationFrom <= testFrom)) {
    throw new DataOptionError(
      `validation begins at ${validationFrom} and the test at ${testFrom}; expected numbers, the first not above the second`,
    )
  }
  const part = Uint8Array.from(time, (moment) => (moment >= testFrom ? 2 : moment >= validationFrom ? 1 : 0))
  return {
    train: pairsOfPart(interactions, part, 0),
    validation: pairsOfPart(interactions, part, 1),
    test: pairsOfPart(interactions, part, 2),
    validationFrom,
    testFrom,
  }
}

function momentsOf(
  time: Float64Array,
  { validation = 0.1, test = 0.1 }: Extract<TemporalCut, { readonly test?: number }>,
): { readonly validationFrom: number; readonly testFrom: number } {
  if (!(validation >= 0 && test >= 0 && validation + test < 1)) {
    throw new DataOptionError(
      `the shares held out are validation ${validation} and test ${test}; expected numbers, 0 or more, below 1 in sum`,
    )
  }
  const sorted = time.slice().sort()
  const tested = Math.round(sorted.length * test)
  const heldOut = Math.round(sorted.length * (validation + test))
  // Where nothing is held out, a moment that never comes.
  return {
    validationFrom: sorted[sorted.length - heldOut] ?? Infinity,
    testFrom: sorted[sorted.length - tested] ?? Infinity,
  }
}
