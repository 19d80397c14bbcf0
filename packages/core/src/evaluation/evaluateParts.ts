import type { Engine } from '@gradrec/engine'
import type { Dataset } from '@gradrec/data'
import { evaluate, type EvaluateOptions, type Evaluation, type EvaluationWithLists } from '../evaluate.ts'
import type { ScoringVectors } from '../scoringVectors.ts'

/** Parts that results are reported on: as intervened as the protocol makes them, and drawn like the training part. */
export const TEST_PARTS = ['test', 'biasedTest'] as const

/**
 * Evaluates on every held-out test part there is, `test` before `biasedTest`: a debiasing method is to be seen on both
 * (ECOSYSTEM.md §5). Empty for a data set without test parts.
 */
export async function evaluateParts(
  vectors: ScoringVectors,
  dataset: Dataset,
  engine: Engine,
  options: EvaluateOptions & { readonly keepLists: true },
): Promise<readonly EvaluationWithLists[]>
export async function evaluateParts(
  vectors: ScoringVectors,
  dataset: Dataset,
  engine: Engine,
  options: EvaluateOptions,
): Promise<readonly Evaluation[]>
export async function evaluateParts(
  vectors: ScoringVectors,
  dataset: Dataset,
  engine: Engine,
  options: EvaluateOptions,
): Promise<readonly Evaluation[]> {
  const evaluations: Evaluation[] = []
  for (const part of TEST_PARTS) {
    if (dataset.parts[part] !== undefined) evaluations.push(await evaluate(vectors, dataset, part, engine, options))
  }
  return evaluations
}
