import type { Csr } from '@gradrec/engine'
import type { Parts } from '../dataset.ts'
import { DataOptionError } from '../errors.ts'
import { timesWithin, type TimedPairs } from '../timedPairs.ts'
import { splitIidByUser } from './iidByUser.ts'
import { splitIntervened, type IntervenedOptions } from './intervened.ts'
import { splitLeaveOneOut } from './leaveOneOut.ts'
import { mixHeldOut, splitMixPools, type MixPoolsOptions } from './mix.ts'
import { splitPerItem } from './perItem.ts'
import { splitTemporal, type TemporalCut } from './temporal.ts'

/** Which interactions are held out where a number of them is: the latest, which needs times, or random ones. */
export type HeldOutOrder = 'latest' | 'random'

/** How held-out parts are made from one set of interactions, as data. */
export type Split =
  /** Everything trains. */
  | { readonly kind: 'none' }
  /** Shares of each user's interactions at random, by default 0.1 and 0.1: as biased as training. */
  | { readonly kind: 'iidByUser'; readonly validation?: number; readonly test?: number }
  /**
   * A fixed number of interactions of each item, by default 2 and 0, at random or (`order`) the latest, and at most the share
   * `maximumShare` of an item's for each part (METHODS.md §4.5). MACR's test: 5 of the latest, at most 0.9.
   */
  | {
      readonly kind: 'perItem'
      readonly validation?: number
      readonly test?: number
      readonly order?: HeldOutOrder
      readonly maximumShare?: number
    }
  /**
   * Shares drawn against popularity. By default DICE's: 40 %, of which a quarter trains, a quarter validates and half tests
   * (METHODS.md §3.9).
   */
  | ({ readonly kind: 'intervened' } & Omit<IntervenedOptions, 'seed'>)
  /** Each user's last interaction tests, the one before validates; random ones with `order` or where there are no times. */
  | { readonly kind: 'leaveOneOut'; readonly order?: HeldOutOrder }
  /** One cut of the time line for all users, by default after 80 and 90 % of the interactions. */
  | ({ readonly kind: 'temporal' } & TemporalCut)
  /** Validation and test intervened to the share `intervenedShare` (default 0.5) and IID otherwise (Fig. 7 of the paper). */
  | ({ readonly kind: 'mix'; readonly intervenedShare?: number } & Omit<MixPoolsOptions, 'seed'>)

/** Whether a split looks at times. */
export function looksAtTimes(split: Split): boolean {
  switch (split.kind) {
    case 'temporal':
      return true
    case 'leaveOneOut':
      return split.order !== 'random'
    case 'perItem':
      return split.order === 'latest'
    default:
      return false
  }
}

/**
 * Splits interactions into parts, and says in a sentence what was done. Throws `DataOptionError` for shares or a
 * seed out of range, and for a split by time of interactions without times.
 */
export function splitInteractions(
  { matrix, time }: TimedPairs,
  split: Split,
  seed: number,
): { readonly parts: Parts; readonly protocol: string } {
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new DataOptionError(`the seed of the split is ${seed}; expected a whole number from 0 to 2^53 − 1`)
  }
  const seeded = `(seed ${seed})`
  switch (split.kind) {
    case 'none':
      return { parts: { train: matrix }, protocol: 'All interactions are for training.' }
    case 'iidByUser': {
      const { validation = 0.1, test = 0.1 } = split
      return {
        parts: withoutEmpty(splitIidByUser(matrix, { validation, test, seed })),
        protocol: `Of each user's interactions, ${percent(validation)} are held out at random for validation and ${percent(test)} for the test ${seeded}.`,
      }
    }
    case 'perItem':
      return splitEachItem({ matrix, time }, split, seed)
    case 'intervened': {
      const { intervenedTrain = 0.1, validation = 0.1, test = 0.2, weightCap } = split
      const share = intervenedTrain + validation + test
      const trains =
        intervenedTrain === 0 ? '' : `${percent(intervenedTrain)} train (with the other ${percent(1 - share)}), `
      return {
        parts: withoutEmpty(splitIntervened(matrix, { ...split, seed })),
        protocol: `${percent(share)} of the interactions are drawn with probabilities inverse to popularity${capped(weightCap)}: ${trains}${percent(validation)} validate, ${percent(test)} test ${seeded}.`,
      }
    }
    case 'leaveOneOut': {
      const { order = time === undefined ? 'random' : 'latest' } = split
      const times = order === 'latest' ? needed(time, 'leaveOneOut with the latest') : undefined
      return {
        parts: withoutEmpty(splitLeaveOneOut(matrix, { seed, ...(times && { time: times }) })),
        protocol: `Each user's ${order === 'latest' ? 'latest interaction tests and the one before validates, ties at random' : 'interactions give one at random to the test and one to validation'} ${seeded}.`,
      }
    }
    case 'temporal': {
      const parts = splitTemporal(matrix, needed(time, 'temporal'), split)
      const { train, validation, test, validationFrom, testFrom } = parts
      return {
        parts: withoutEmpty({ train, validation, test }),
        protocol: `What happened before ${moment(validationFrom)} trains${validationFrom === testFrom ? '' : `, before ${moment(testFrom)} validates`}, and what happened from then on tests.`,
      }
    }
    case 'mix': {
      const { intervenedShare = 0.5, validation = 0.05, test = 0.15, weightCap } = split
      const { train, intervened, iid } = splitMixPools(matrix, { ...split, seed })
      const mixed = (part: 'validation' | 'test'): Csr => mixHeldOut(intervened[part], iid[part], intervenedShare, seed)
      return {
        parts: withoutEmpty({ train, validation: mixed('validation'), test: mixed('test') }),
        protocol: `${percent(1 - 2 * (validation + test))} of the interactions train. Validation (${percent(validation)}) and test (${percent(test)}) are drawn to ${percent(intervenedShare)} with probabilities inverse to popularity${capped(weightCap)} and to ${percent(1 - intervenedShare)} evenly; the remaining ${percent(validation + test)}, which other mixtures hold out, are left out ${seeded}.`,
      }
    }
  }
}

function splitEachItem(
  { matrix, time }: TimedPairs,
  split: Extract<Split, { readonly kind: 'perItem' }>,
  seed: number,
): { readonly parts: Parts; readonly protocol: string } {
  const { validation = 2, test = 0, order = 'random', maximumShare = 1 } = split
  const timed = order === 'latest' ? needed(time, 'perItem with the latest') : undefined
  const holdOut = (from: Csr, perItem: number, purpose: 'validation' | 'test') =>
    perItem === 0
      ? undefined
      : splitPerItem(from, {
          perItem,
          maximumShare,
          seed,
          purpose,
          ...(timed && { time: from === matrix ? timed : timesWithin(from, matrix, timed) }),
        })
  const tested = holdOut(matrix, test, 'test')
  const rest = tested?.train ?? matrix
  const validated = holdOut(rest, validation, 'validation')
  const parts = {
    train: validated?.train ?? rest,
    ...(validated && { validation: validated.heldOut }),
    ...(tested && { test: tested.heldOut }),
  }
  const which = order === 'latest' ? 'the latest' : 'at random'
  const most = maximumShare === 1 ? '' : `, at most ${percent(maximumShare)} for each part`
  return {
    parts,
    protocol: `Of each item's training interactions, ${validation} are held out ${which} for validation${test === 0 ? '' : ` and ${test} for the test`}${most}, while one is left to train on (seed ${seed}).`,
  }
}

function needed(time: Float64Array | undefined, what: string): Float64Array {
  if (time !== undefined) return time
  throw new DataOptionError(
    `the split ${what} needs times, and these interactions have none; name the time column, or take another split`,
  )
}

/** A share of nothing makes no part. */
function withoutEmpty<P extends Parts>({ train, ...heldOut }: P): Parts {
  const filled = Object.entries(heldOut).filter(([, part]) => part !== undefined && part.columns.length > 0)
  return { train, ...(Object.fromEntries(filled) as Omit<Parts, 'train'>) }
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`
}

function capped(percentile: number | undefined): string {
  return percentile === undefined ? '' : `, capped at percentile ${percentile} of their distinct values`
}

/** A moment of Unix time in the last decades or the next as a date, and any other number as it is. */
function moment(time: number): string {
  if (time === Infinity) return 'the end of time'
  return time > 1e8 && time < 1e10 ? new Date(time * 1000).toISOString().replace('.000Z', 'Z') : String(time)
}
