import { lanesFor } from '../tuning.ts'
import type { bceGradients, bprGradients } from '../wgsl.generated.ts'
import { checkSameShape, tensor, vectorsOf, type Tensor } from './tensor.ts'

export interface TripleGradients {
  /** triples × 1: each triple's loss, unweighted. */
  readonly losses: Tensor
  /** Each triples × d: gradients of weight · Σ losses. */
  readonly users: Tensor
  readonly positives: Tensor
  readonly negatives: Tensor
}

export interface TripleOptions {
  /** Factor of every triple's loss; 1 / triples for a mean. */
  readonly weight: number
}

/** Runs a shader that turns rows of users, positives and negatives into losses and gradients, triple by triple. */
export async function tripleGradients(
  shader: typeof bprGradients | typeof bceGradients,
  users: Tensor,
  positives: Tensor,
  negatives: Tensor,
  { weight }: TripleOptions,
): Promise<TripleGradients> {
  checkSameShape(users, positives, negatives)
  const { device, rows: tripleCount, dimension } = users
  const vectors = vectorsOf(users)
  const { workgroupSize } = device.tuning
  const lanes = lanesFor(vectors, device.tuning)
  const kernel = await device.kernel(shader, { vectors, lanes, workgroupSize, tripleCount, weight })
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
