import type { Csr } from '@gradrec/engine'
import type { Parts } from '../dataset.ts'
import { splitIidByUser } from './iidByUser.ts'
import { splitIntervened } from './intervened.ts'
import { splitPerItem } from './perItem.ts'

/** How held-out parts are made from one set of interactions, as data. */
export type Split =
  /** Everything trains. */
  | { readonly kind: 'none' }
  /** Shares of each user's interactions at random, by default 0.1 and 0.1: as biased as training. */
  | { readonly kind: 'iidByUser'; readonly validation?: number; readonly test?: number }
  /** A fixed number of interactions of each item at random, by default 2 and 0 (METHODS.md §4.5). */
  | { readonly kind: 'perItem'; readonly validation?: number; readonly test?: number }
  /** DICE's: 40 % drawn against popularity, of which a quarter trains, a quarter validates and half tests (METHODS.md §3.9). */
  | { readonly kind: 'intervened' }

/** Splits interactions into parts, and says in a sentence what was done. Throws `DataOptionError` for bad shares. */
export function splitInteractions(
  interactions: Csr,
  split: Split,
  seed: number,
): { readonly parts: Parts; readonly protocol: string } {
  switch (split.kind) {
    case 'none':
      return { parts: { train: interactions }, protocol: 'All interactions are for training.' }
    case 'iidByUser': {
      const { validation = 0.1, test = 0.1 } = split
      const parts = splitIidByUser(interactions, { validation, test, seed })
      return {
        parts: withoutEmpty(parts),
        protocol: `Of each user's interactions, ${percent(validation)} are held out at random for validation and ${percent(test)} for the test (seed ${seed}).`,
      }
    }
    case 'perItem': {
      const { validation = 2, test = 0 } = split
      const tested = test === 0 ? undefined : splitPerItem(interactions, { perItem: test, seed, purpose: 'test' })
      const rest = tested?.train ?? interactions
      const validated = validation === 0 ? undefined : splitPerItem(rest, { perItem: validation, seed })
      const parts = {
        train: validated?.train ?? rest,
        ...(validated && { validation: validated.heldOut }),
        ...(tested && { test: tested.heldOut }),
      }
      return {
        parts,
        protocol: `Of each item's training interactions, ${validation} are held out at random for validation${test === 0 ? '' : ` and ${test} for the test`}, while one is left to train on (seed ${seed}).`,
      }
    }
    case 'intervened':
      return {
        parts: splitIntervened(interactions, { seed }),
        protocol: `40 % of the interactions are drawn with probabilities inverse to popularity: 10 % train (with the other 60 %), 10 % validate, 20 % test (seed ${seed}).`,
      }
  }
}

/** A share of nothing makes no part. */
function withoutEmpty(parts: { readonly train: Csr; readonly validation: Csr; readonly test: Csr }): Parts {
  const { train, validation, test } = parts
  return {
    train,
    ...(validation.columns.length > 0 && { validation }),
    ...(test.columns.length > 0 && { test }),
  }
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`
}
