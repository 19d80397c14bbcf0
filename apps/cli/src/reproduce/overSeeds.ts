import type { Evaluation, MetricKey, PerUserKey } from '@gradrec/core'

/** A number over seeds; `sd` is the sample's, and `null` for a single seed. */
export interface OverSeeds {
  readonly mean: number
  readonly sd: number | null
}

/** @param values one a seed, at least one */
export function overSeeds(values: readonly number[]): OverSeeds {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length < 2) return { mean, sd: null }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) }
}

/**
 * Evaluations of several seeds as one: every user's value is the mean over seeds, so that a bootstrap over users says what other users
 * would have changed, and the spread over seeds stays a matter of its own (ECOSYSTEM.md §5).
 *
 * @param evaluations of the same part and users, at least one
 */
export function meanEvaluation(evaluations: readonly Evaluation[]): Evaluation {
  const [first] = evaluations
  if (first === undefined) throw new RangeError('there is no evaluation to take the mean of')
  if (evaluations.length === 1) return first
  const perUser: Record<PerUserKey, Float64Array> = {}
  for (const key of Object.keys(first.perUser) as PerUserKey[]) {
    const columns = evaluations.flatMap((each) => each.perUser[key] ?? [])
    perUser[key] = Float64Array.from({ length: first.users.length }, (_, n) => {
      return columns.reduce((sum, column) => sum + (column[n] ?? 0), 0) / columns.length
    })
  }
  const metrics: Record<MetricKey, number> = {}
  for (const key of Object.keys(first.metrics) as MetricKey[]) {
    metrics[key] = overSeeds(evaluations.map((each) => each.metrics[key] ?? Number.NaN)).mean
  }
  return { part: first.part, users: first.users, perUser, metrics }
}
