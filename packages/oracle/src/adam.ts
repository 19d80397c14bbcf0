import type { Optimizer } from '@gradrec/engine'

export type AdamOptions = Omit<Extract<Optimizer, { readonly kind: 'adam' }>, 'kind'>

/** Adam's running moments, each as large as the table; `vMax` with amsgrad only. All start at 0. */
export type AdamMoments = { readonly m: Float64Array; readonly v: Float64Array; readonly vMax?: Float64Array }

/** Moments at 0 for a table of `length` numbers. */
export function adamMoments(length: number, amsgrad: boolean): AdamMoments {
  const moments = { m: new Float64Array(length), v: new Float64Array(length) }
  return amsgrad ? { ...moments, vMax: new Float64Array(length) } : moments
}

/**
 * One step of Adam (Kingma & Ba, ICLR 2015) as in PyTorch's dense `torch.optim.Adam`, in place, for every element whether
 * its gradient is 0 or not:
 *
 *     g ← g + weightDecay · θ
 *     m ← m + (g − m)(1 − β₁)
 *     v ← β₂ v + (1 − β₂) g²
 *     vMax ← max(vMax, v)                                            (amsgrad; vMax then stands in for v below)
 *     θ ← θ − learningRate / (1 − β₁^t) · m / (√v / √(1 − β₂^t) + ε)
 *
 * @param t number of this step, from 1
 */
export function adam(
  table: Float64Array,
  gradient: Float64Array,
  moments: AdamMoments,
  t: number,
  options: AdamOptions,
): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = options
  const { m, v, vMax } = moments
  const stepSize = learningRate / (1 - Math.pow(beta1, t))
  const correction = Math.sqrt(1 - Math.pow(beta2, t))
  for (let at = 0; at < table.length; at++) {
    const g = gradient[at]! + weightDecay * table[at]!
    m[at]! += (g - m[at]!) * (1 - beta1)
    v[at] = beta2 * v[at]! + (1 - beta2) * g * g
    let second = v[at]!
    if (vMax !== undefined) {
      second = Math.max(vMax[at]!, second)
      vMax[at] = second
    }
    table[at]! -= (stepSize * m[at]!) / (Math.sqrt(second) / correction + epsilon)
  }
}
