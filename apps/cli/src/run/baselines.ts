import { itemKnn, mostPopular, randomVectors, vectorRanker, type Ranker } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'
import { percent } from '../output/formatNumbers.ts'

/** Recommenders without training, that a model is held against. */
export const BASELINES = ['most-popular', 'item-knn', 'random'] as const
export type Baseline = (typeof BASELINES)[number]

/** What each of them lists, for people. */
export const BASELINE_DESCRIPTIONS: Readonly<Record<Baseline, string>> = {
  'most-popular': 'the most popular items for everyone',
  'item-knn': 'the items most similar to those a user has, by the cosine of their users (100 neighbours)',
  random: 'items by chance',
}

/** Not one that people choose: a model that began with the same random numbers could resemble it. */
const RANDOM_SEED = 2 ** 52

export interface BaselineOptions {
  /** Stops with an `AbortedError`. */
  readonly signal?: AbortSignal
  /** Called with what is being done, where it takes a while. */
  readonly onProgress: (what: string) => void
}

export async function baselineRanker(
  name: Baseline,
  dataset: Dataset,
  engine: Engine,
  { signal, onProgress }: BaselineOptions,
): Promise<Ranker> {
  switch (name) {
    case 'most-popular':
      return vectorRanker(mostPopular(dataset), engine)
    case 'item-knn':
      return itemKnn(dataset, {
        ...(signal && { signal }),
        onProgress: (share) => onProgress(`looking for similar items · ${percent(share)}`),
      })
    case 'random':
      return vectorRanker(randomVectors(dataset, RANDOM_SEED), engine)
  }
}

/** All of them by name. */
export async function baselineRankers(
  dataset: Dataset,
  engine: Engine,
  options: BaselineOptions,
): Promise<ReadonlyMap<Baseline, Ranker>> {
  const rankers = new Map<Baseline, Ranker>()
  for (const name of BASELINES) rankers.set(name, await baselineRanker(name, dataset, engine, options))
  return rankers
}
