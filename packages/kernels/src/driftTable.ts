import type { AdamOptimizer } from '@gradrec/engine'

/** Lengths of the two tables that together give any power of the betas: wgsl/drift.wgsl. */
const FINE_POWERS = 256
const COARSE_POWERS = 4096

/** Largest share of a block's drift that its third-order expansion may miss; as in `AdamDrift`. */
const TOLERANCE = 2e-7

/** Blocks and terms smaller than this share of the whole are left out. */
const NEGLIGIBLE = 1e-9

/** What wgsl/drift.wgsl reads, and where it ends. */
export interface DriftNumbers {
  /** vec4s: powers, then two for each of the spans that begin after step 0 … `settles`, then their further blocks. */
  readonly numbers: Float32Array
  /** From this step on all spans drift alike. */
  readonly settles: number
  /** Spans of so many steps or more are as good as endless. */
  readonly fades: number
  /** Spans of so many steps or fewer are less than half of an endless one, and are added up term by term. */
  readonly fewSteps: number
}

/** Terms that an invocation adds up one by one, at most. */
const MOST_FEW_STEPS = 64

/**
 * The drift of dense Adam's untouched rows (`AdamDrift` in the engine has the formulas) from endless spans alone. Of a row that stands after step s,
 * with x = √v, an endless span moves θ by −m F(s, x); what is left of it after K steps is an endless span again, with m and v decayed:
 *
 *     F(s, s + K, x) = F(s, x) − β1^K F(s + K, β2^{K/2} x)
 *
 * so that a table by s alone serves spans of every length. It is for a learning rate of 1, which only multiplies F, and so the same for
 * the whole run. Of short spans the difference would lose digits: their few terms are added up. F(s) also follows from F(s + 1): one term
 * is put in front, and the others' a shrink by β1 and their b by √β2. The table is made from its end in one go.
 */
export function driftNumbers({ beta1, beta2, amsgrad }: Betas): DriftNumbers {
  const name = `${beta1}, ${beta2}, ${amsgrad}`
  if (lastMade?.name !== name) lastMade = { name, made: makeNumbers({ beta1, beta2, amsgrad }) }
  return lastMade.made
}

type Betas = Pick<AdamOptimizer, 'beta1' | 'beta2' | 'amsgrad'>

/** A function of the betas alone, which takes some ten milliseconds and is asked for again by every plan and run. */
let lastMade: { readonly name: string; readonly made: DriftNumbers } | undefined

function makeNumbers(optimizer: Betas): DriftNumbers {
  const { beta1, beta2, amsgrad } = optimizer
  const rootDecay = amsgrad ? 1 : Math.sqrt(beta2)
  const fades = stepsUntilNegligible(beta1)
  const settles = Math.max(fades, stepsUntilNegligible(beta2))
  const powers = FINE_POWERS + COARSE_POWERS
  const firstFurther = powers + 2 * (settles + 1)
  const fixed = new Float32Array(4 * firstFurther)
  for (let n = 0; n < powers; n++) {
    const exponent = n < FINE_POWERS ? n : FINE_POWERS * (n - FINE_POWERS)
    fixed[4 * n] = beta1 ** exponent
    fixed[4 * n + 1] = beta2 ** exponent
    fixed[4 * n + 2] = rootDecay ** exponent
  }
  const further: number[] = []
  const span = new EndlessSpan(beta1, rootDecay)
  for (let s = settles + fades; s >= 0; s--) {
    const rate = 1 / (1 - beta1 ** (s + 1))
    const inverseRoot = 1 / Math.sqrt(1 - beta2 ** (s + 1))
    span.prepend(beta1 * rate, rootDecay * inverseRoot)
    if (s > settles) continue
    const at = 4 * (powers + 2 * s)
    span.writeNearest(fixed, at)
    fixed[at + 4] = rate
    fixed[at + 5] = inverseRoot
    fixed[at + 6] = firstFurther + further.length / 4
    fixed[at + 7] = span.closed.length / 4
    further.push(...span.closed)
  }
  const numbers = new Float32Array(fixed.length + further.length)
  numbers.set(fixed)
  numbers.set(further, fixed.length)
  const half = beta1 === 0 ? 1 : Math.ceil(Math.log(0.5) / Math.log(beta1))
  return { numbers, settles, fades, fewSteps: Math.max(1, Math.min(MOST_FEW_STEPS, half)) }
}

/** Steps after which a power of beta has fallen below `NEGLIGIBLE`. */
function stepsUntilNegligible(beta: number): number {
  return beta === 0 ? 1 : Math.max(1, Math.ceil(Math.log(NEGLIGIBLE) / Math.log(beta)))
}

/** An endless span that grows at its beginning, cut into blocks of terms a / (b x + ε) with nearly equal b. */
class EndlessSpan {
  /** Four coefficients (m0, b0, mu2, mu3) of each block but the nearest. */
  closed: number[] = []
  readonly #beta1: number
  readonly #rootDecay: number
  // Of the nearest block: the b of its last term, and Σ a dⁿ with d = b / last − 1, which keeps the digits of central moments.
  #last = 0
  #s0 = 0
  #s1 = 0
  #s2 = 0
  #s3 = 0
  #s4 = 0

  constructor(beta1: number, rootDecay: number) {
    this.#beta1 = beta1
    this.#rootDecay = rootDecay
  }

  /** Makes the span begin one step earlier, with a term a / (b x + ε). */
  prepend(a: number, b: number): void {
    if (a === 0) return
    this.#age(a)
    if (this.#s0 > 0) {
      const d = b / this.#last - 1
      const s0 = this.#s0 + a
      const s1 = this.#s1 + a * d
      const s2 = this.#s2 + a * d * d
      const s3 = this.#s3 + a * d * d * d
      const s4 = this.#s4 + a * d * d * d * d
      if (relativeFourthMoment(s0, s1, s2, s3, s4) <= TOLERANCE) {
        this.#s0 = s0
        this.#s1 = s1
        this.#s2 = s2
        this.#s3 = s3
        this.#s4 = s4
        return
      }
      const place = this.closed.length
      this.closed.push(0, 0, 0, 0)
      this.writeNearest(this.closed, place)
    }
    this.#last = b
    this.#s0 = a
    this.#s1 = this.#s2 = this.#s3 = this.#s4 = 0
  }

  /** Writes the nearest block's coefficients; such as make no difference where there is no momentum. */
  writeNearest(numbers: { [place: number]: number }, at: number): void {
    const mean = this.#s0 === 0 ? 0 : this.#s1 / this.#s0
    const m2 = this.#s0 === 0 ? 0 : this.#s2 / this.#s0
    const m3 = this.#s0 === 0 ? 0 : this.#s3 / this.#s0
    const scale = 1 / (1 + mean)
    numbers[at] = this.#s0
    numbers[at + 1] = this.#last * (1 + mean)
    numbers[at + 2] = (m2 - mean * mean) * scale * scale
    numbers[at + 3] = (m3 - 3 * mean * m2 + 2 * mean * mean * mean) * scale * scale * scale
  }

  /** Moves what is there one step further away; `a` is what comes before it. */
  #age(a: number): void {
    const { closed } = this
    let kept = 0
    for (let at = 0; at < closed.length; at += 4) {
      const m0 = this.#beta1 * closed[at]!
      if (m0 <= NEGLIGIBLE * a) continue
      const b0 = this.#rootDecay * closed[at + 1]!
      const [mu2, mu3] = [closed[at + 2]!, closed[at + 3]!]
      closed[kept] = m0
      closed[kept + 1] = b0
      closed[kept + 2] = mu2
      closed[kept + 3] = mu3
      kept += 4
    }
    closed.length = kept
    this.#last *= this.#rootDecay
    this.#s0 *= this.#beta1
    this.#s1 *= this.#beta1
    this.#s2 *= this.#beta1
    this.#s3 *= this.#beta1
    this.#s4 *= this.#beta1
  }
}

/** Σ a ((b − b0) / b0)⁴ / Σ a from the moments of d. */
function relativeFourthMoment(s0: number, s1: number, s2: number, s3: number, s4: number): number {
  const mean = s1 / s0
  const central = s4 / s0 - 4 * mean * (s3 / s0) + 6 * mean * mean * (s2 / s0) - 3 * mean * mean * mean * mean
  const scale = 1 / (1 + mean)
  return central * scale * scale * scale * scale
}
