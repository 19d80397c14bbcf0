import { NO_ITEM, rowColumns, type Csr, type Engine, type Matrix } from '@gradrec/engine'
import type { Dataset } from '@gradrec/data'
import { AbortedError, DatasetError } from './errors.ts'
import { METRIC_NAMES, METRICS, type MetricKey } from './metrics/metric.ts'
import type { ScoringVectors } from './scoringVectors.ts'

/**
 * Whom a mean is over: users with at least one held-out item, or all users with 0 for the others, which is how DICE's code
 * divides (METHODS.md §3.8). The two differ by a constant factor.
 */
export type AverageOver = 'usersWithTest' | 'allUsers'

/** A part of a data set that can be held against a model. */
export type EvaluatedPart = 'validation' | 'test' | 'biasedTest'

export interface EvaluateOptions {
  /** Length of the lists, or several lengths at once: each 1 … 1,024. */
  readonly k: number | readonly number[]
  readonly averageOver: AverageOver
  /** Leave a user's validation items out of lists, as training items are. Means nothing for the validation part itself. */
  readonly maskValidation: boolean
  /** Stops between blocks of users with an `AbortedError`. */
  readonly signal?: AbortSignal
}

export interface Evaluation {
  readonly part: EvaluatedPart
  /** The users that the means are over, ascending. */
  readonly users: Uint32Array
  /** For each metric one value per user, parallel to `users`; never NaN. Paired by user between two evaluations. */
  readonly perUser: Readonly<Record<MetricKey, Float64Array>>
  /** For each metric the mean over `users`; 0 where there are none. */
  readonly metrics: Readonly<Record<MetricKey, number>>
}

/** Users ranked in one call: keeps lists and masks small while a GPU still has enough to do. */
const USERS_PER_BLOCK = 4096

/**
 * Ranks the full catalogue for every user who has held-out items and scores the lists (METHODS.md §3.8, §8.2). Training
 * items are never listed; ties go to the lower item number.
 *
 * @throws DatasetError where the data set has no such part, `AbortedError` when stopped
 */
export async function evaluate(
  vectors: ScoringVectors,
  dataset: Dataset,
  part: EvaluatedPart,
  engine: Engine,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const heldOut = dataset.parts[part]
  if (heldOut === undefined) throw new DatasetError(`data set "${dataset.name}" has no ${part} part to evaluate on`)
  const lengths = typeof options.k === 'number' ? [options.k] : [...new Set(options.k)]
  const users = usersIn(heldOut)
  const scored = lengths.flatMap((k) =>
    METRIC_NAMES.map((name) => ({
      k,
      metric: METRICS[name],
      key: `${name}@${k}` as const,
      values: new Float64Array(users.length),
    })),
  )
  const longest = Math.max(...lengths)
  const masks = [dataset.parts.train]
  if (options.maskValidation && part !== 'validation' && dataset.parts.validation) masks.push(dataset.parts.validation)
  for (let begin = 0; begin < users.length; begin += USERS_PER_BLOCK) {
    if (options.signal?.aborted) throw new AbortedError('evaluation')
    const block = users.subarray(begin, begin + USERS_PER_BLOCK)
    const exclude = unionOfRows(masks, block, dataset.items.size)
    const ranking = await engine.rank(rowsOf(vectors.users, block), vectors.items, { k: longest, exclude })
    for (let b = 0; b < block.length; b++) {
      const wanted = rowColumns(heldOut, block[b]!)
      const ranks = hitRanks(ranking.items.subarray(b * longest, (b + 1) * longest), wanted)
      for (const { k, metric, values } of scored) {
        values[begin + b] = metric(k === longest ? ranks : ranks.filter((rank) => rank < k), wanted.length, k)
      }
    }
  }
  const everyone = options.averageOver === 'allUsers'
  const perUser: Record<MetricKey, Float64Array> = {}
  const metrics: Record<MetricKey, number> = {}
  for (const { key, values } of scored) {
    perUser[key] = everyone ? spread(values, users, dataset.users.size) : values
    metrics[key] = mean(perUser[key])
  }
  return {
    part,
    users: everyone ? Uint32Array.from({ length: dataset.users.size }, (_, u) => u) : users,
    perUser,
    metrics,
  }
}

function usersIn(part: Csr): Uint32Array {
  const users: number[] = []
  for (let u = 0; u < part.rows; u++) if (part.rowPointer[u + 1]! > part.rowPointer[u]!) users.push(u)
  return Uint32Array.from(users)
}

function rowsOf(matrix: Matrix, rows: Uint32Array): Matrix {
  const { dimension } = matrix
  const values = new Float32Array(rows.length * dimension)
  rows.forEach((row, to) => values.set(matrix.values.subarray(row * dimension, (row + 1) * dimension), to * dimension))
  return { rows: rows.length, dimension, values }
}

/** The chosen rows of several sparse matrices laid over each other, a row for each of `rows`. */
function unionOfRows(matrices: readonly Csr[], rows: Uint32Array, columnCount: number): Csr {
  const rowPointer = new Uint32Array(rows.length + 1)
  let entries = 0
  for (const row of rows) for (const matrix of matrices) entries += rowColumns(matrix, row).length
  const columns = new Uint32Array(entries)
  let at = 0
  rows.forEach((row, to) => {
    const begin = at
    for (const matrix of matrices) {
      columns.set(rowColumns(matrix, row), at)
      at += rowColumns(matrix, row).length
    }
    // Parts share no pair, so the union of ascending rows needs a sort and no search for repeats.
    if (matrices.length > 1) columns.subarray(begin, at).sort()
    rowPointer[to + 1] = at
  })
  return { rows: rows.length, columnCount, rowPointer, columns }
}

function hitRanks(list: Uint32Array, wanted: Uint32Array): number[] {
  const set = new Set(wanted)
  const ranks: number[] = []
  for (let rank = 0; rank < list.length && list[rank] !== NO_ITEM; rank++) if (set.has(list[rank]!)) ranks.push(rank)
  return ranks
}

function spread(values: Float64Array, users: Uint32Array, size: number): Float64Array {
  const all = new Float64Array(size)
  users.forEach((user, at) => (all[user] = values[at]!))
  return all
}

function mean(values: Float64Array): number {
  if (values.length === 0) return 0
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
