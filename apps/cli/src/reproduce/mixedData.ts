import { existsSync } from 'node:fs'
import { csrUnion, datasetFromParts, mixHeldOut, splitMixPools, type Dataset } from '@gradrec/data'
import { isSplitFolder, writeSplit } from '@gradrec/data/node'

/** Shares of all interactions that each pool gives, as `gradrec split --preset mix` has them. */
const POOLS = { validation: 0.05, test: 0.15, seed: 0 } as const

/**
 * A data set's interactions, all parts together, split anew for Fig. 7: one training part, and by share of intervened interactions a
 * validation and a test part of one size (METHODS.md §2.3 Q).
 */
export async function mixedData(dataset: Dataset, shares: readonly number[]): Promise<ReadonlyMap<number, Dataset>> {
  const { name, users, items, parts } = dataset
  const heldOut = [parts.validation, parts.test, parts.biasedTest].flatMap((part) => (part === undefined ? [] : [part]))
  const all = heldOut.reduce((sum, part) => csrUnion(sum, part), parts.train)
  const { train, intervened, iid } = splitMixPools(all, POOLS)
  const mixes = new Map<number, Dataset>()
  for (const share of shares) {
    const mixed = (part: 'validation' | 'test') => mixHeldOut(intervened[part], iid[part], share, POOLS.seed)
    const protocol =
      `${100 * (1 - 2 * (POOLS.validation + POOLS.test))} % of all interactions train. Validation (${100 * POOLS.validation} %) and test ` +
      `(${100 * POOLS.test} %) are drawn to ${100 * share} % with probabilities inverse to popularity and to ${100 - 100 * share} % evenly.`
    const made = { train, validation: mixed('validation'), test: mixed('test') }
    mixes.set(share, await datasetFromParts({ name, users, items, parts: made, protocol }))
  }
  return mixes
}

/** Keeps the mixture that is trained on, all of whose held-out interactions are intervened, as a split's folder, where it is not there yet. */
export async function keepMix(folder: string, load: () => Promise<Dataset>): Promise<void> {
  if (existsSync(folder) && isSplitFolder(folder)) return
  const mixed = (await mixedData(await load(), [1])).get(1)
  if (mixed === undefined) throw new Error('no mixture was made')
  const { seed, ...parameters } = { ...POOLS, intervenedShare: 1 }
  await writeSplit(folder, mixed, { preset: 'mix', parameters, seed, inputs: [] })
}
