import type { Discrepancy } from '@gradrec/engine'
import { distanceCorrelation } from './distanceCorrelation.ts'

/** The discrepancy of some rows' halves as a term to minimise, and its gradient by the rows. */
export interface DiscrepancyTerm {
  readonly term: number
  /** Rows × dimension. */
  readonly gradient: Float64Array
}

/**
 * How far apart the two halves of each row are (`Discrepancy`): with D the n · dimension / 2 differences of first and second
 * halves, element by element, −weight · mean |D| (`l1`) or −weight · mean D² (`l2`). By a first half the gradient is −weight times
 * sign(D) or 2 D, divided by their number, and the opposite by a second half; sign(0) = 0. `dCor` is weight times the
 * `distanceCorrelation` of first and second halves.
 *
 * @param rows n × dimension, n at least 1
 */
export function discrepancyTerm(rows: Float64Array, dimension: number, { kind, weight }: Discrepancy): DiscrepancyTerm {
  const gradient = new Float64Array(rows.length)
  if (kind === 'none') return { term: 0, gradient }
  if (kind === 'dCor') return correlationTerm(rows, dimension, weight)
  const half = dimension / 2
  const scale = -weight / (rows.length / 2)
  let sum = 0
  for (let start = 0; start < rows.length; start += dimension) {
    for (let first = start; first < start + half; first++) {
      const difference = rows[first]! - rows[first + half]!
      sum += kind === 'l1' ? Math.abs(difference) : difference * difference
      const slope = scale * (kind === 'l1' ? Math.sign(difference) : 2 * difference)
      gradient[first] = slope
      gradient[first + half] = -slope
    }
  }
  return { term: scale * sum, gradient }
}

function correlationTerm(rows: Float64Array, dimension: number, weight: number): DiscrepancyTerm {
  const half = dimension / 2
  const isFirst = (at: number): boolean => at % dimension < half
  const { value, byX, byY } = distanceCorrelation(
    rows.filter((_, at) => isFirst(at)),
    rows.filter((_, at) => !isFirst(at)),
    rows.length / dimension,
  )
  const placeInHalf = (at: number): number => Math.floor(at / dimension) * half + (at % half)
  return {
    term: weight * value,
    gradient: rows.map((_, at) => weight * (isFirst(at) ? byX : byY)[placeInHalf(at)]!),
  }
}
