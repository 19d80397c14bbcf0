import type { Optimizer } from './fit.ts'

export type AdamOptimizer = Extract<Optimizer, { readonly kind: 'adam' }>

/**
 * Drift coefficients of many spans at once. A span's list of blocks is
 * `blocks[4 · start[n] … 4 · start[n + 1] − 1]`, four numbers (m0, b0, mu2, mu3) a block: see `AdamDrift`.
 */
export interface DriftTable {
  readonly blocks: Float32Array
  /** One more entry than there are spans. */
  readonly start: Uint32Array
}

/**
 * Largest share of a block's drift that its third-order expansion may miss. A drift is a small part of its row, so this stays
 * well below float32's rounding of the row.
 */
const TOLERANCE = 2e-7

/** Terms smaller than this share of the first are left out. */
const NEGLIGIBLE = 1e-9

/**
 * How dense Adam moves a row that gets no gradient, in closed form, so that it need not be visited.
 *
 * After step s a row holds θ, m and v. Under K steps without gradient dense Adam does, per element with x = √v,
 *
 *     θ ← θ − m · F(x),   F(x) = Σ_{k=1…K} a_k / (b_k x + ε),   m ← β1^K m,   v ← β2^K v,
 *     a_k = learningRate · β1^k / (1 − β1^{s+k}),   b_k = β2^{k/2} / √(1 − β2^{s+k})      (amsgrad: x = √vMax, no β2^{k/2})
 *
 * The b_k change slowly, so the sum is cut into blocks in which they are nearly one value b0, and each is expanded around it:
 *
 *     Σ a_k / (b_k x + ε) ≈ m0 r (1 + y² (mu2 − y mu3)),   r = 1 / (b0 x + ε),   y = b0 x r
 *
 * with m0 = Σ a_k, b0 = Σ a_k b_k / m0 and the relative central moments mu_n = Σ a_k ((b_k − b0) / b0)^n / m0. Because y
 * lies in [0, 1), this holds for every x, from far below ε to far above. One block is enough after some hundred steps; the
 * first steps take a few. (WEBGPU.md §3.1; not SparseAdam, which leaves untouched rows where they are.)
 */
export class AdamDrift {
  /** A span of so many steps or more outlasts m: it moves the row as an endless one would. At least 1. */
  readonly fades: number
  /** From this step on bias correction is over: spans of one length drift alike, whenever they begin. */
  readonly settles: number
  readonly #optimizer: AdamOptimizer
  readonly #long: { readonly blocks: number[]; readonly start: number[] } = { blocks: [], start: [0] }

  constructor(optimizer: AdamOptimizer) {
    this.#optimizer = optimizer
    this.fades = stepsUntilNegligible(optimizer.beta1)
    this.settles = Math.max(this.fades, stepsUntilNegligible(optimizer.beta2))
  }

  /**
   * Spans inside a horizon of `steps` steps that begins after step `firstStep`: the one that begins after `from` of its steps
   * and lasts `length` steps has number `spanNumber(steps, from, length)`.
   */
  within(firstStep: number, steps: number): DriftTable {
    const blocks: number[] = []
    const start = [0]
    for (let from = 0; from <= steps; from++) {
      // The span of no steps.
      start.push(blocks.length / 4)
      this.#spans(firstStep + from, steps - from, (list) => {
        blocks.push(...list)
        start.push(blocks.length / 4)
      })
    }
    return { blocks: Float32Array.from(blocks), start: Uint32Array.from(start) }
  }

  /** Spans that end after step `target` and are shorter than `fades`: the one that lasts n steps has number n. */
  recent(target: number): DriftTable {
    const blocks: number[] = []
    const start = [0]
    for (let length = 0; length < this.fades; length++) {
      if (length <= target) blocks.push(...this.#span(target - length, length))
      start.push(blocks.length / 4)
    }
    return { blocks: Float32Array.from(blocks), start: Uint32Array.from(start) }
  }

  /**
   * Spans of `fades` steps or more: the one that begins after step s has number min(s, `settles`). Gives numbers `from` …
   * `end` − 1 (`settles` at most), so that an engine only has to add to what it has: `start` counts from the first span of
   * all, and `blocks` begins with the blocks of span `from`.
   */
  long(from: number, end: number): DriftTable {
    const { blocks, start } = this.#long
    const spans = Math.min(end, this.settles + 1)
    for (let s = start.length - 1; s < spans; s++) {
      blocks.push(...this.#span(s, this.fades))
      start.push(blocks.length / 4)
    }
    return {
      blocks: Float32Array.from(blocks.slice(4 * (start[from] ?? 0), 4 * (start[spans] ?? 0))),
      start: Uint32Array.from(start.slice(from, spans + 1)),
    }
  }

  #span(s: number, length: number): readonly number[] {
    let last: readonly number[] = []
    this.#spans(s, length, (list) => {
      last = list
    })
    return last
  }

  /** Calls `each` with the blocks of the spans of 1, 2, … `longest` steps that begin after step s. */
  #spans(s: number, longest: number, each: (blocks: readonly number[]) => void): void {
    const { learningRate, beta1, beta2, amsgrad } = this.#optimizer
    const closed: number[] = []
    let block = new DriftBlock()
    let list: readonly number[] = []
    for (let k = 1; k <= longest; k++) {
      // Before the first touch there is nothing to move; a faded row moves no more.
      if (s > 0 && k <= this.fades && beta1 > 0) {
        const a = (learningRate * beta1 ** k) / (1 - beta1 ** (s + k))
        const b = (amsgrad ? 1 : beta2 ** (k / 2)) / Math.sqrt(1 - beta2 ** (s + k))
        if (!block.accepts(a, b)) {
          closed.push(...block.coefficients())
          block = new DriftBlock()
        }
        block.add(a, b)
        list = [...closed, ...block.coefficients()]
      }
      each(list)
    }
  }
}

/** Steps after which a power of beta has fallen below `NEGLIGIBLE`. */
function stepsUntilNegligible(beta: number): number {
  return beta === 0 ? 1 : Math.max(1, Math.ceil(Math.log(NEGLIGIBLE) / Math.log(beta)))
}

/** Number of a span within `AdamDrift.within`'s table: spans of one beginning lie together, by length from 0. */
export function spanNumber(steps: number, from: number, length: number): number {
  // Beginnings 0 … from − 1 have steps + 1, steps, … spans each.
  return from * (steps + 1) - (from * (from - 1)) / 2 + length
}

/** A run of terms a / (b x + ε) with nearly equal b; moments are taken about its first b to keep their digits. */
class DriftBlock {
  #first = 0
  #sums: [number, number, number, number, number] = [0, 0, 0, 0, 0]

  accepts(a: number, b: number): boolean {
    return this.#sums[0] === 0 || fourthMoment(this.#added(a, b)) <= TOLERANCE
  }

  add(a: number, b: number): void {
    if (this.#sums[0] === 0) this.#first = b
    this.#sums = this.#added(a, b)
  }

  coefficients(): [number, number, number, number] {
    const [s0, s1, s2, s3] = this.#sums
    const mean = s1 / s0
    const m2 = s2 / s0
    const central2 = m2 - mean * mean
    const central3 = s3 / s0 - 3 * mean * m2 + 2 * mean * mean * mean
    const scale = 1 / (1 + mean)
    return [s0, this.#first * (1 + mean), central2 * scale * scale, central3 * scale * scale * scale]
  }

  #added(a: number, b: number): [number, number, number, number, number] {
    const d = this.#first === 0 ? 0 : b / this.#first - 1
    const [s0, s1, s2, s3, s4] = this.#sums
    return [s0 + a, s1 + a * d, s2 + a * d * d, s3 + a * d * d * d, s4 + a * d * d * d * d]
  }
}

function fourthMoment([s0, s1, s2, s3, s4]: readonly [number, number, number, number, number]): number {
  const mean = s1 / s0
  const [m2, m3, m4] = [s2 / s0, s3 / s0, s4 / s0]
  const central = m4 - 4 * mean * m3 + 6 * mean * mean * m2 - 3 * mean * mean * mean * mean
  const scale = 1 / (1 + mean)
  return central * scale * scale * scale * scale
}
