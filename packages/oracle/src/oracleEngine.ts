import {
  checkCorrections,
  checkFitSpec,
  checkMemory,
  checkRankInput,
  rowColumns,
  type Corrections,
  type Engine,
  type Fit,
  type FitSpec,
  type Graph,
  type Matrix,
  type Ranking,
  type RankOptions,
} from '@gradrec/engine'
import { OracleFit } from './oracleFit.ts'
import { oracleMemoryPlan } from './oracleMemoryPlan.ts'
import { propagate } from './propagate.ts'
import { topK } from './topK.ts'

/**
 * The engine seam in plain float64 TypeScript: what other engines are compared with, and what tests of the layers above
 * run on where there is no GPU.
 */
export function openOracleEngine(): Engine {
  return {
    name: 'oracle',
    device: {
      name: 'float64 TypeScript',
      vendor: 'gradrec',
      architecture: 'javascript',
      kind: 'software',
      reason: 'the oracle is plain TypeScript and runs on the CPU only',
    },
    memoryPlan: oracleMemoryPlan,
    async fit(spec: FitSpec): Promise<Fit> {
      checkFitSpec(spec)
      checkMemory(oracleMemoryPlan(spec))
      return new OracleFit(spec)
    },
    rank: async (users, items, options) => rank(users, items, options),
    rankVariants: async (users, items, corrections, options) => rankVariants(users, items, corrections, options),
    async propagate(table: Matrix, graph: Graph, layers: number): Promise<Matrix> {
      const final = propagate(Float64Array.from(table.values), graph, layers, table.dimension)
      return { ...table, values: Float32Array.from(final) }
    },
    async close(): Promise<void> {},
  }
}

/**
 * Scores are summed in float64 and rounded to float32 before they are compared, so that "ties go to the lower item" holds
 * for the scores the caller sees.
 */
function rank(users: Matrix, items: Matrix, options: RankOptions): Ranking {
  checkRankInput(users, items, options)
  return rankBy((u, i) => innerProduct(users, u, items, i), users, items, options)
}

function rankVariants(users: Matrix, items: Matrix, corrections: Corrections, options: RankOptions): Ranking[] {
  checkRankInput(users, items, options)
  checkCorrections(users, items, corrections)
  return corrections.users.map((weights) =>
    rankBy(
      (u, i) => innerProduct(users, u, items, i) + innerProduct(weights, u, corrections.items, i),
      users,
      items,
      options,
    ),
  )
}

function rankBy(score: (u: number, i: number) => number, users: Matrix, items: Matrix, options: RankOptions): Ranking {
  const { k, exclude } = options
  const ranking = { k, items: new Uint32Array(users.rows * k), scores: new Float32Array(users.rows * k) }
  const scores = new Float32Array(items.rows)
  for (let u = 0; u < users.rows; u++) {
    for (let i = 0; i < items.rows; i++) scores[i] = score(u, i)
    const list = topK(scores, k, exclude === undefined ? [] : rowColumns(exclude, u))
    ranking.items.set(list.items, u * k)
    ranking.scores.set(list.scores, u * k)
  }
  return ranking
}

function innerProduct(users: Matrix, u: number, items: Matrix, i: number): number {
  const d = users.dimension
  let sum = 0
  for (let f = 0; f < d; f++) sum += users.values[u * d + f]! * items.values[i * d + f]!
  return sum
}
