import type { Arms, Objective } from '@gradrec/engine'
import { addArmDiscrepancy } from './armDiscrepancy.ts'
import { dice } from './dice.ts'
import { discrepancyTerm } from './discrepancy.ts'
import { gather } from './gather.ts'
import { macr } from './macr.ts'
import { pairwise } from './pairwise.ts'
import type { Samples } from './sampleStep.ts'
import { scatterAdd } from './scatterAdd.ts'
import { tripleRows, type TripleRows } from './tripleRows.ts'

/** The data loss of a step and its gradient by all final vectors. */
export interface DataLossStep {
  /** Sum (not mean) of the loss over the count · K triples, without the discrepancy. */
  readonly lossSum: number
  readonly triples: number
  /** DICE's discrepancy of the halves of the step's rows, or that between arms; 0 where a run has neither. */
  readonly discrepancy: number
  /** Gradient of the mean loss and the discrepancy by every row of `final`. */
  readonly gradient: Float64Array
}

export interface DataLossOptions {
  readonly users: number
  readonly dimension: number
  readonly objective: Objective
  /** Only with pairwise objectives. */
  readonly arms?: Arms | undefined
  /** From 0: DICE's weights decay by it. Default 0. */
  readonly epoch?: number
}

/**
 * The mean data loss over a step's count · K triples, scored with the rows of `final`: gather, the gradients of each triple,
 * scatter-add; then DICE's discrepancy, or that between arms. The L2 penalty is apart, in `l2Step`.
 *
 * @param final the table itself, or its propagation: users first, then items, then MACR's two towers
 */
export function dataLossStep(final: Float64Array, samples: Samples, options: DataLossOptions): DataLossStep {
  const { users, dimension, objective, arms } = options
  const rows = tripleRows(samples, users)
  const triples = rows.negatives.length
  const perPositive = triples / rows.users.length
  const gradient = new Float64Array(final.length)
  let lossSum = 0
  for (let t = 0; t < triples; t++) {
    const slot = Math.floor(t / perPositive)
    const named = [rows.users[slot]!, rows.positives[slot]!, rows.negatives[t]!] as const
    const { loss, parts } = tripleLoss(final, named, options)
    lossSum += loss
    for (const { row, by } of parts) {
      const mean = by.map((value) => value / triples)
      scatterAdd(gradient, [row], mean, dimension)
    }
  }
  let discrepancy = 0
  if (objective.kind === 'dice') discrepancy += addDiscrepancy(gradient, final, rows, objective, dimension)
  if (arms !== undefined) discrepancy += addArmDiscrepancy(gradient, final, rows, { users, dimension, arms })
  return { lossSum, triples, discrepancy, gradient }
}

/** The loss of one triple, and its gradient in parts: `by` for each `row` of `final`. */
function tripleLoss(
  final: Float64Array,
  [u, i, j]: readonly [number, number, number],
  { users, dimension, objective, epoch = 0 }: DataLossOptions,
): { readonly loss: number; readonly parts: readonly { readonly row: number; readonly by: Float64Array }[] } {
  const vector = (row: number): Float64Array => gather(final, [row], dimension)
  const vectors = { user: vector(u), positive: vector(i), negative: vector(j) }
  const items = { positive: i - users, negative: j - users }
  if (objective.kind === 'macr') {
    const last = final.length / dimension - 1
    const { loss, ...by } = macr(objective, vectors, { wUser: vector(last - 1), wItem: vector(last) })
    const towers = [
      { row: last - 1, by: by.wUser },
      { row: last, by: by.wItem },
    ]
    return { loss, parts: [...partsOf(by), ...towers] }
  }
  const triple =
    objective.kind === 'dice' ? dice(objective, items, vectors, epoch) : pairwise(objective, items, vectors)
  return { loss: triple.loss, parts: partsOf(triple) }

  function partsOf(by: typeof vectors): { readonly row: number; readonly by: Float64Array }[] {
    return [
      { row: u, by: by.user },
      { row: i, by: by.positive },
      { row: j, by: by.negative },
    ]
  }
}

/** Adds the gradient of DICE's discrepancy, in place, and returns its value: distinct users apart from distinct items. */
function addDiscrepancy(
  gradient: Float64Array,
  final: Float64Array,
  rows: TripleRows,
  { discrepancy }: Extract<Objective, { readonly kind: 'dice' }>,
  dimension: number,
): number {
  let sum = 0
  for (const named of [new Set(rows.users), new Set([...rows.positives, ...rows.negatives])]) {
    const distinct = [...named]
    const { term, gradient: by } = discrepancyTerm(gather(final, distinct, dimension), dimension, discrepancy)
    sum += term
    scatterAdd(gradient, distinct, by, dimension)
  }
  return sum
}
