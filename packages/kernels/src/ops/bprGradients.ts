import { lanesFor } from '../tuning.ts'
import { bprGradients as shader } from '../wgsl.generated.ts'
import { checkSameShape, tensor, vectorsOf, type Tensor } from './tensor.ts'

export interface BprGradients {
  /** triples × 1: −ln σ(p·q − p·n), unweighted. */
  readonly losses: Tensor
  /** Each triples × d: gradients of weight · Σ losses. */
  readonly users: Tensor
  readonly positives: Tensor
  readonly negatives: Tensor
}

/**
 * Losses and gradients of Bayesian personalised ranking for triples given as rows: row t of each argument belongs to
 * triple t.
 *
 * @param options.weight factor of every triple's loss; 1 / triples for a mean
 */
export async function bprGradients(
  users: Tensor,
  positives: Tensor,
  negatives: Tensor,
  options: { readonly weight: number },
): Promise<BprGradients> {
  checkSameShape(users, positives, negatives)
  const { device, rows: tripleCount, dimension } = users
  const vectors = vectorsOf(users)
  const { workgroupSize } = device.tuning
  const lanes = lanesFor(vectors, device.tuning)
  const kernel = await device.kernel(shader, { vectors, lanes, workgroupSize, tripleCount, weight: options.weight })
  return device.allocate('the gradients of triples', () => {
    const losses = tensor(device, tripleCount, 1)
    const [forUsers, forPositives, forNegatives] = [users, positives, negatives].map(() =>
      tensor(device, tripleCount, dimension),
    ) as [Tensor, Tensor, Tensor]
    const dispatch = kernel.bind(
      {
        users: users.buffer,
        positives: positives.buffer,
        negatives: negatives.buffer,
        userGradients: forUsers.buffer,
        positiveGradients: forPositives.buffer,
        negativeGradients: forNegatives.buffer,
        losses: losses.buffer,
      },
      Math.ceil(tripleCount / (workgroupSize / lanes)),
    )
    device.submit((pass) => device.encode(pass, dispatch))
    return { losses, users: forUsers, positives: forPositives, negatives: forNegatives }
  })
}
