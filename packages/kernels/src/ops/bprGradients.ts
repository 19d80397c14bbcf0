import { bprGradients as shader } from '../wgsl.generated.ts'
import type { Tensor } from './tensor.ts'
import { tripleGradients, type TripleGradients, type TripleOptions } from './tripleGradients.ts'

/**
 * Losses −ln σ(p·q − p·n) and gradients of Bayesian personalised ranking for triples given as rows: row t of each argument
 * belongs to triple t.
 *
 *     const { users } = await bprGradients(await gather(table, u), await gather(table, i), await gather(table, j), {
 *       weight: 1 / u.length,
 *     })
 *     await scatterAdd(gradient, u, users)
 */
export async function bprGradients(
  users: Tensor,
  positives: Tensor,
  negatives: Tensor,
  options: TripleOptions,
): Promise<TripleGradients> {
  return tripleGradients(shader, users, positives, negatives, options)
}
