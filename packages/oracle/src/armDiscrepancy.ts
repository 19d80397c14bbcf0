import type { ArmDiscrepancy, Arms } from '@gradrec/engine'
import { gather } from './gather.ts'
import { scatterAdd } from './scatterAdd.ts'
import type { TripleRows } from './tripleRows.ts'

/** The discrepancy of counterparts as a term to minimise, and its gradient by the rows of both arms. */
export interface ArmDiscrepancyTerm {
  readonly term: number
  readonly byControl: Float64Array
  readonly byTreatment: Float64Array
}

/**
 * How far apart counterparts are (`ArmDiscrepancy`): with D the differences of control and treatment, element by element,
 * weight · mean |D| (`l1`) or weight · mean D² (`l2`). By the control rows the gradient is weight times sign(D) or 2 D, divided by
 * their number, and the opposite by the treatment rows, or 0 where these are held; sign(0) = 0.
 *
 * @param control rows × dimension, at least one row
 * @param treatment as large, row by row the counterparts
 */
export function armDiscrepancyTerm(
  control: Float64Array,
  treatment: Float64Array,
  { kind, weight, stopGradient = 'none' }: ArmDiscrepancy,
): ArmDiscrepancyTerm {
  const byControl = new Float64Array(control.length)
  const byTreatment = new Float64Array(control.length)
  if (kind === 'none') return { term: 0, byControl, byTreatment }
  const scale = weight / control.length
  let sum = 0
  for (let at = 0; at < control.length; at++) {
    const difference = control[at]! - treatment[at]!
    sum += kind === 'l1' ? Math.abs(difference) : difference * difference
    const slope = scale * (kind === 'l1' ? Math.sign(difference) : 2 * difference)
    byControl[at] = slope
    if (stopGradient === 'none') byTreatment[at] = -slope
  }
  return { term: scale * sum, byControl, byTreatment }
}

/**
 * Adds the gradient of a step's discrepancy between its arms, in place, and returns its value: that of the distinct items among
 * positives and negatives, and with users apart that of the distinct users. A pair counts once, whichever of its rows the step
 * names and however often.
 *
 * @param final users first, then the items of the control arm, then those of the treatment arm, and nothing after them
 */
export function addArmDiscrepancy(
  gradient: Float64Array,
  final: Float64Array,
  { users: userRows, positives, negatives }: TripleRows,
  { users, dimension, arms }: { readonly users: number; readonly dimension: number; readonly arms: Arms },
): number {
  const items = (final.length / dimension - users) / 2
  const ofItems = [...new Set([...positives, ...negatives].map((row) => users + ((row - users) % items)))]
  const ofUsers = arms.users === 'apart' ? [...new Set([...userRows].map((row) => row % (users / 2)))] : []
  let sum = 0
  for (const { control, apart } of [
    { control: ofItems, apart: items },
    { control: ofUsers, apart: users / 2 },
  ]) {
    if (control.length === 0) continue
    const treatment = control.map((row) => row + apart)
    const { term, byControl, byTreatment } = armDiscrepancyTerm(
      gather(final, control, dimension),
      gather(final, treatment, dimension),
      arms.discrepancy,
    )
    sum += term
    scatterAdd(gradient, control, byControl, dimension)
    scatterAdd(gradient, treatment, byTreatment, dimension)
  }
  return sum
}
