import { methodConfig, RECIPES, type TrainConfig } from '@gradrec/core'
import {
  PAPER_DIMENSION,
  PAPER_NEGATIVES,
  type PaperBackbone,
  type PaperDataset,
  type PaperMethod,
} from './paperTable.ts'

/** One of the trainings that are timed beside each other. */
export interface TimedMethod {
  /** As it is shown. */
  readonly label: string
  /** The paper's row it stands beside. */
  readonly method: PaperMethod
  readonly config: TrainConfig
}

/**
 * The trainings of one backbone on one data set: the paper's four rows, DICE once more with a cheaper discrepancy than its authors', the
 * paper's method once more with directions of the learned embeddings, for which nothing is recorded, and for matrix factorisation the
 * original model once more with the authors' own optimizer. All are DICE's recipe, which the paper's
 * authors followed (METHODS.md §7). One thing differs for matrix factorisation: plain Adam without weight decay instead of amsgrad
 * with 5e-8, because it has a lazy form, which computes the same result from touched rows only. Epochs are numbered from 0 everywhere, so that
 * decays do not make a difference between sides.
 */
export function timedMethods(backbone: PaperBackbone, dataset: PaperDataset, batch: number): readonly TimedMethod[] {
  const config = (method: PaperMethod, options: Readonly<Record<string, number | string>> = {}): TrainConfig => {
    const recipe = RECIPES.dice.config(backbone, dataset, method)
    const own = methodConfig(method, options)
    return {
      ...recipe,
      ...lazyWherePossible(recipe),
      method: own,
      batch,
      dimension: PAPER_DIMENSION,
      negatives: PAPER_NEGATIVES,
    }
  }
  const authors = { ...RECIPES.dice.config(backbone, dataset, 'original'), batch }
  return [
    { label: 'original', method: 'original', config: config('original') },
    { label: 'dice', method: 'dice', config: config('dice') },
    { label: 'dice, L2', method: 'dice', config: config('dice', { discrepancy: 'l2' }) },
    { label: 'macr', method: 'macr', config: config('macr') },
    { label: 'gradient', method: 'gradient', config: config('gradient') },
    {
      label: 'gradient, learned',
      method: 'gradient',
      config: config('gradient', { recording: 'none', directionFrom: 'learned' }),
    },
    ...(backbone === 'mf' ? [{ label: 'original, dense', method: 'original' as const, config: authors }] : []),
  ]
}

function lazyWherePossible({ backbone, optimizer }: TrainConfig): Partial<TrainConfig> {
  if (backbone.kind !== 'mf' || optimizer.kind !== 'adam') return {}
  return { optimizer: { ...optimizer, weightDecay: 0, amsgrad: false, update: 'lazy' } }
}

/** Positives a step that suit the device: large enough that it is busy, small enough that models get as good (NOTES.md). */
export function suitedBatch(backbone: PaperBackbone, engineName: string): number {
  if (engineName === 'wasm') return backbone === 'mf' ? 1024 : 8192
  return backbone === 'mf' ? 8192 : 2048
}
