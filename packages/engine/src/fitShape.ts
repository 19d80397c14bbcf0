import type { FitSpec } from './fit.ts'

/**
 * What of a training run decides how much memory it takes. A `FitSpec` is one; so is the shape of a run whose data do not exist, made
 * with `interactionShape`.
 */
export interface FitShape extends Omit<FitSpec, 'interactions' | 'seed' | 'initialTable'> {
  readonly interactions: InteractionShape
}

/** Users × items and how many interactions there are; a `Csr` has them and more. */
export interface InteractionShape {
  readonly rows: number
  readonly columnCount: number
  /** The entries themselves, or their number alone: what depends on the lengths of rows is then an upper bound. */
  readonly columns: Uint32Array | { readonly length: number }
  readonly rowPointer?: Uint32Array
}

/** Interactions that do not exist. */
export function interactionShape(users: number, items: number, interactions: number): InteractionShape {
  return { rows: users, columnCount: items, columns: { length: interactions } }
}
