import { simulate, type Dataset, type SimulationOptions } from '@gradrec/data'
import { flagOf } from '../settings/trainSettings.ts'
import type { Cell } from './cell.ts'
import { PAPER_DATASETS, type PaperDataset } from './paper.ts'

/** What stands on everything that comes of a quick look. */
export const NOT_A_RESULT =
  'not a result: --quick trains a few epochs on tiny simulated data, to show that everything works'

const SIZES = {
  users: 240,
  items: 120,
  trainInteractions: 5000,
  validationInteractions: 600,
  testInteractions: 1200,
  biasedTestInteractions: 300,
} satisfies SimulationOptions

/** Stands in for a data set of the paper: each has draws of its own. */
export function quickData(name: PaperDataset): Promise<Dataset> {
  return simulate({ ...SIZES, seed: seedOf(name) })
}

/** Flags of `gradrec train` for a training on it. */
export function quickFlags({ dataset: name, method, split }: Cell): Readonly<Record<string, string>> {
  const sizes = Object.entries(SIZES).map(([key, value]) => [flagOf(key), String(value)])
  // A split's folder has its size and seed already.
  const data = { ...Object.fromEntries(sizes), dataset: 'simulated', 'data-seed': String(seedOf(name)) }
  return {
    ...(split === undefined && data),
    dimension: '16',
    batch: '512',
    epochs: '3',
    'evaluate-every': '3',
    patience: '0',
    // Nothing of it was shown against popularity.
    ...(method === 'cause' && { 'treatment-from': 'sampled' }),
  }
}

function seedOf(name: PaperDataset): number {
  return 1 + PAPER_DATASETS.indexOf(name)
}
