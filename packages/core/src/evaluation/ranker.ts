import type { Engine, RankOptions, Ranking } from '@gradrec/engine'
import type { ScoringVectors } from '../scoringVectors.ts'
import { rowsOf } from './userBlocks.ts'

/**
 * Whatever can list items for users, as evaluation sees it. Rankings are exact and whole: best first, ties to the lower item number,
 * every place filled that an item is left for.
 *
 * @param users user numbers, ascending: a row of the ranking each
 */
export type Ranker = (users: Uint32Array, options: RankOptions) => Promise<Ranking>

/** Ranks by inner products, on an engine. */
export function vectorRanker(vectors: ScoringVectors, engine: Engine): Ranker {
  return (users, options) => engine.rank(rowsOf(vectors.users, users), vectors.items, options)
}
