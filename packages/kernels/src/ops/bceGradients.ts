import { bceGradients as shader } from '../wgsl.generated.ts'
import type { Tensor } from './tensor.ts'
import { tripleGradients, type TripleGradients, type TripleOptions } from './tripleGradients.ts'

/**
 * Losses −ln σ(p·q) − ln(1 − σ(p·n)) and gradients of binary cross-entropy for triples given as rows: row t of each argument
 * belongs to triple t, so that a positive weighs as much as its negatives together (METHODS.md §4.1).
 *
 *     const { losses, positives } = await bceGradients(users, positiveRows, negativeRows, { weight: 1 / users.rows })
 */
export async function bceGradients(
  users: Tensor,
  positives: Tensor,
  negatives: Tensor,
  options: TripleOptions,
): Promise<TripleGradients> {
  return tripleGradients(shader, users, positives, negatives, options)
}
