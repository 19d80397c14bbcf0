import { inferenceOf, methodOf, tune, withDials, type Dials, type Model, type Tuned } from '@gradrec/core'
import type { Dataset } from '@gradrec/data'
import type { Engine } from '@gradrec/engine'

/**
 * How a model came to its dials. `none`: its method has none. `off`: none were given, and there is no validation part to tune
 * them on.
 */
export type DialChoice = { readonly kind: 'none' | 'off' | 'given' } | { readonly kind: 'tuned'; readonly tuned: Tuned }

export interface ChosenDials {
  /** With its dials set. */
  readonly model: Model
  readonly choice: DialChoice
  /** What the method has to say about its dials. */
  readonly warnings: readonly string[]
}

/**
 * Sets a model's dials: to what was given, else to what ranks the validation part best.
 *
 * @param onProgress called while they are tuned, with the share done
 */
export async function chooseDials(
  model: Model,
  given: Dials | undefined,
  dataset: Dataset,
  engine: Engine,
  onProgress: (share: number) => void,
): Promise<ChosenDials> {
  const { warnings } = inferenceOf(model)
  if (Object.keys(methodOf(model.config.method).dials).length === 0)
    return { model, choice: { kind: 'none' }, warnings }
  if (given !== undefined) return { model: withDials(model, given), choice: { kind: 'given' }, warnings }
  if (dataset.parts.validation === undefined) return { model, choice: { kind: 'off' }, warnings }
  const tuned = await tune(model, dataset, engine, { onProgress })
  return { model: tuned.model, choice: { kind: 'tuned', tuned }, warnings: tuned.warnings }
}
