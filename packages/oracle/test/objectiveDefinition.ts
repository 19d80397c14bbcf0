import type { Arms, Discrepancy } from '@gradrec/engine'
import { propagate, type ObjectiveOptions, type Samples } from '../src/index.ts'

const sigma = (x: number): number => 1 / (1 + Math.exp(-x))

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, f) => sum + value * b[f]!, 0)
}

/** The rows of a step's triples in the table, and the numbers of their items. */
interface Triple {
  readonly u: number
  readonly i: number
  readonly j: number
  readonly positive: number
  readonly negative: number
}

/**
 * A step's objective by its table from the definition alone, sharing nothing with the code under test but propagation.
 *
 * @param held the table that the treatment arm is taken of where the gradient stops at it
 */
export function objectiveDefinition(x: Float64Array, samples: Samples, options: ObjectiveOptions, held = x): number {
  const { users, dimension: d, objective, arms } = options
  const row = finalRows(x, options)
  const trained = (n: number): number[] => [...x.subarray(n * d, (n + 1) * d)]
  const K = samples.negatives.length / samples.users.length
  const triples = Array.from(samples.negatives, (negative, t): Triple => {
    const slot = Math.floor(t / K)
    const positive = samples.positives[slot]!
    return { u: samples.users[slot]!, i: users + positive, j: users + negative, positive, negative }
  })
  let total = 0
  for (const triple of triples) {
    total += dataLoss(row, x.length / d, triple, options)
    for (const n of [triple.u, triple.i, triple.j]) total += (objective.l2 / 2) * dot(trained(n), trained(n))
  }
  const mean = total / triples.length
  if (arms !== undefined) {
    const treatment = arms.discrepancy.stopGradient === 'treatment' ? finalRows(held, options) : row
    const items = (x.length / d - users) / 2
    const ofItems = triples.flatMap(({ positive, negative }) => [
      users + (positive % items),
      users + (negative % items),
    ])
    const ofUsers = arms.users === 'apart' ? triples.map(({ u }) => u % (users / 2)) : []
    return (
      mean + betweenArms(row, treatment, ofItems, items, arms) + betweenArms(row, treatment, ofUsers, users / 2, arms)
    )
  }
  if (objective.kind !== 'dice') return mean
  const distinct = (rows: readonly number[]): number[][] => [...new Set(rows)].map(row)
  return (
    mean +
    discrepancy(distinct(triples.map(({ u }) => u)), objective.discrepancy) +
    discrepancy(distinct(triples.flatMap(({ i, j }) => [i, j])), objective.discrepancy)
  )
}

/** The vectors that are scored: those of the table, or propagated ones. */
function finalRows(x: Float64Array, { dimension: d, propagation }: ObjectiveOptions): (n: number) => number[] {
  const final = x.slice()
  if (propagation !== undefined) {
    const { graph, layers, masks } = propagation
    final.set(propagate(x.slice(0, graph.nodes * d), graph, layers, d, masks))
  }
  return (n) => [...final.subarray(n * d, (n + 1) * d)]
}

function dataLoss(
  row: (n: number) => number[],
  rows: number,
  { u, i, j, positive, negative }: Triple,
  { objective, epoch = 0 }: ObjectiveOptions,
): number {
  const y = (item: number): number => dot(row(u), row(item))
  switch (objective.kind) {
    case 'dice': {
      const d = row(u).length
      const halfDifference = (from: number, to: number): number =>
        dot(row(u).slice(from, to), row(i).slice(from, to)) - dot(row(u).slice(from, to), row(j).slice(from, to))
      const [x1, x2] = [halfDifference(0, d / 2), halfDifference(d / 2, d)]
      const b = objective.popularity[negative]! > objective.popularity[positive]! ? 1 : 0
      const decayed = objective.decay ** epoch
      return (
        -Math.log(sigma(x1 + x2)) -
        decayed * objective.interest * b * Math.log(sigma(x1)) -
        decayed * objective.conformity * (b * Math.log(sigma(-x2)) + (1 - b) * Math.log(sigma(x2)))
      )
    }
    case 'macr': {
      const [wUser, wItem] = [row(rows - 2), row(rows - 1)]
      const ofUser = sigma(dot(row(u), wUser))
      const [ofI, ofJ] = [sigma(dot(row(i), wItem)), sigma(dot(row(j), wItem))]
      return (
        -Math.log(sigma(y(i) * ofI * ofUser)) -
        Math.log(1 - sigma(y(j) * ofJ * ofUser)) +
        objective.itemWeight * (-Math.log(ofI) - Math.log(1 - ofJ)) +
        objective.userWeight * (-Math.log(ofUser) - Math.log(1 - ofUser))
      )
    }
    default: {
      const { kind, userNorm, link, scoreFactors, lossWeights, negativeWeight: v = 1 } = objective
      const norm = userNorm === 'unit' ? Math.sqrt(dot(row(u), row(u))) : 1
      const score = (rowOfItem: number, item: number): number => {
        const product = norm === 0 ? 0 : y(rowOfItem) / norm
        const elu = product > 0 ? product : Math.exp(product) - 1
        return (scoreFactors?.[item] ?? 1) * (link === 'elu' ? elu + 1 : product)
      }
      const [s, t] = [score(i, positive), score(j, negative)]
      const loss = kind === 'bpr' ? -Math.log(sigma(s - t)) : -Math.log(sigma(s)) - v * Math.log(1 - sigma(t))
      return (lossWeights?.[positive] ?? 1) * loss
    }
  }
}

function discrepancy(rows: readonly (readonly number[])[], { kind, weight }: Discrepancy): number {
  if (kind === 'none') return 0
  if (kind === 'dCor') return weight * distanceCorrelationDefinition(rows)
  const differences = rows.flatMap((row) => row.slice(row.length / 2).map((second, f) => row[f]! - second))
  const power = kind === 'l1' ? 1 : 2
  return (-weight * differences.reduce((sum, by) => sum + Math.abs(by) ** power, 0)) / differences.length
}

/** Of first and second halves, without centring: S_ab = mean(a b) + mean(a) mean(b) − 2 mean over k of mean_l(a_kl) mean_l(b_kl). */
function distanceCorrelationDefinition(rows: readonly (readonly number[])[]): number {
  if (rows.length === 1) return 0
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const distances = (points: readonly (readonly number[])[]): number[][] =>
    points.map((p) => points.map((q) => Math.hypot(...p.map((value, f) => value - q[f]!))))
  const covariance = (a: readonly number[][], b: readonly number[][]): number =>
    mean(a.map((ofK, k) => mean(ofK.map((value, l) => value * b[k]![l]!)))) +
    mean(a.map(mean)) * mean(b.map(mean)) -
    2 * mean(a.map((ofK, k) => mean(ofK) * mean(b[k]!)))
  const half = rows[0]!.length / 2
  const [a, b] = [distances(rows.map((row) => row.slice(0, half))), distances(rows.map((row) => row.slice(half)))]
  const s = (first: readonly number[][], second: readonly number[][]): number => covariance(first, second) + 1e-12
  return Math.sqrt(s(a, b)) / Math.sqrt(Math.sqrt(s(a, a) * s(b, b)))
}

/** The discrepancy between the distinct of the named control rows and the rows that are `apart` from them. */
function betweenArms(
  row: (n: number) => number[],
  treatmentRow: (n: number) => number[],
  named: readonly number[],
  apart: number,
  { discrepancy: { kind, weight } }: Arms,
): number {
  if (kind === 'none' || named.length === 0) return 0
  const differences = [...new Set(named)].flatMap((n) => {
    const treatment = treatmentRow(n + apart)
    return row(n).map((value, f) => value - treatment[f]!)
  })
  const power = kind === 'l1' ? 1 : 2
  return (weight * differences.reduce((sum, by) => sum + Math.abs(by) ** power, 0)) / differences.length
}
