import type { Optimizer } from '@gradrec/engine'

export type SgdOptions = Omit<Extract<Optimizer, { readonly kind: 'sgd' }>, 'kind'>

/**
 * One step of gradient descent as in PyTorch's `torch.optim.SGD` without momentum, in place:
 * θ ← θ − learningRate · (g + weightDecay · θ).
 */
export function sgd(table: Float64Array, gradient: Float64Array, options: SgdOptions): void {
  const { learningRate, weightDecay } = options
  for (let at = 0; at < table.length; at++) {
    table[at]! -= learningRate * (gradient[at]! + weightDecay * table[at]!)
  }
}
