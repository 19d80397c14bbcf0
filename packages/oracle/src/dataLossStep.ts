import type { Objective } from '@gradrec/engine'
import { bceGradients } from './bceGradients.ts'
import { bprGradients } from './bprGradients.ts'
import { gather } from './gather.ts'
import type { Samples } from './sampleStep.ts'
import { scatterAdd } from './scatterAdd.ts'
import { tripleRows } from './tripleRows.ts'
import { throughUnitRows, unitRows } from './userNorm.ts'

/** The data loss of a step and its gradient by all final vectors. */
export interface DataLossStep {
  /** Sum (not mean) of the loss over the count · K triples. */
  readonly lossSum: number
  readonly triples: number
  /** Gradient of the mean loss: (users + items) × dimension. */
  readonly gradient: Float64Array
}

const GRADIENTS = { bpr: bprGradients, bce: bceGradients } as const

/**
 * The mean data loss over a step's count · K triples, scored with the rows of `final`: gather, users to unit length where the
 * objective says so, gradients of the batch, back through the norm, scatter-add. The L2 penalty is apart, in `l2Step`.
 *
 * @param final (users + items) × dimension, users first: the table itself, or its propagation
 */
export function dataLossStep(
  final: Float64Array,
  samples: Samples,
  options: { readonly users: number; readonly dimension: number; readonly objective: Objective },
): DataLossStep {
  const { users, dimension, objective } = options
  const rows = tripleRows(samples, users)
  const raw = gather(final, rows.users, dimension)
  const unit = objective.userNorm === 'unit'
  const batch = GRADIENTS[objective.kind](
    unit ? unitRows(raw, dimension) : raw,
    gather(final, rows.positives, dimension),
    gather(final, rows.negatives, dimension),
    dimension,
  )
  const gradient = new Float64Array(final.length)
  scatterAdd(gradient, rows.users, unit ? throughUnitRows(raw, batch.users, dimension) : batch.users, dimension)
  scatterAdd(gradient, rows.positives, batch.positives, dimension)
  scatterAdd(gradient, rows.negatives, batch.negatives, dimension)
  return { lossSum: batch.lossSum, triples: rows.negatives.length, gradient }
}
