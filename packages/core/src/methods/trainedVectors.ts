import type { Embeddings, FitState, Matrix } from '@gradrec/engine'

/** What training leaves behind: the half of a method that infers starts from here. */
export interface TrainedVectors {
  /**
   * The final embeddings (propagated with LightGCN), users not normalised: a row a user and an item, unless the method has trained
   * on rows of its own, which only its inference knows.
   */
  readonly embeddings: Embeddings
  /** Gradients recorded on the way (`Recording` of `@gradrec/engine`), where they were. */
  readonly recorded?: RecordedGradients
  /** Rows of the table after the items, where the objective has any: MACR's towers. */
  readonly parameters?: Matrix
}

export interface RecordedGradients {
  /** What rows were pulled by as, or by, positives. */
  readonly positive: Embeddings
  /** What rows were pushed by as, or by, negatives. */
  readonly negative: Embeddings
}

/** The recorded gradients in a fit's state, cut into users and items; `undefined` where the fit did not record. */
export function recordedGradients(
  { slots }: FitState,
  shape: { readonly users: number; readonly items: number; readonly dimension: number },
): RecordedGradients | undefined {
  const { recordedPositive, recordedNegative } = slots
  if (recordedPositive === undefined || recordedNegative === undefined) return undefined
  const cut = (values: Float32Array): Embeddings => {
    const { users, items, dimension } = shape
    return {
      users: { rows: users, dimension, values: values.subarray(0, users * dimension) },
      items: { rows: items, dimension, values: values.subarray(users * dimension) },
    }
  }
  return { positive: cut(recordedPositive), negative: cut(recordedNegative) }
}

/** The rows of a fit's table after users and items; `undefined` where there are none. */
export function parametersIn(
  { table }: FitState,
  { users, items, dimension }: { readonly users: number; readonly items: number; readonly dimension: number },
): Matrix | undefined {
  const values = table.subarray((users + items) * dimension)
  return values.length === 0 ? undefined : { rows: values.length / dimension, dimension, values }
}
