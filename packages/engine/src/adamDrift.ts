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
  readonly #terms: DriftTerms
  readonly #long = new DriftTableBuilder()

  constructor(optimizer: AdamOptimizer) {
    this.fades = stepsUntilNegligible(optimizer.beta1)
    this.settles = Math.max(this.fades, stepsUntilNegligible(optimizer.beta2))
    this.#terms = new DriftTerms(optimizer, this.fades, this.settles)
  }

  /**
   * Spans inside a horizon of `steps` steps that begins after step `firstStep`: the one that begins after `from` of its steps
   * and lasts `length` steps has number `spanNumber(steps, from, length)`.
   */
  within(firstStep: number, steps: number): DriftTable {
    const table = new DriftTableBuilder()
    for (let from = 0; from <= steps; from++) {
      const span = new DriftSpan(this.#terms, firstStep + from)
      table.add(span)
      for (let length = 1; length <= steps - from; length++) {
        span.extend()
        table.add(span)
      }
    }
    return table.piece(0, table.spans)
  }

  /** Spans that end after step `target` and are shorter than `fades`: the one that lasts n steps has number n. */
  recent(target: number): DriftTable {
    const table = new DriftTableBuilder()
    for (let length = 0; length < this.fades; length++) {
      // Before the first step there is nothing to span: those stay empty.
      const span = new DriftSpan(this.#terms, Math.max(0, target - length))
      span.extendTo(length)
      table.add(span)
    }
    return table.piece(0, table.spans)
  }

  /**
   * Spans of `fades` steps or more: the one that begins after step s has number min(s, `settles`). Gives numbers `from` …
   * `end` − 1 (`settles` at most), so that an engine only has to add to what it has: `start` counts from the first span of
   * all, and `blocks` begins with the blocks of span `from`.
   */
  long(from: number, end: number): DriftTable {
    const spans = Math.min(end, this.settles + 1)
    while (this.#long.spans < spans) {
      const span = new DriftSpan(this.#terms, this.#long.spans)
      span.extendTo(this.fades)
      this.#long.add(span)
    }
    return this.#long.piece(from, spans)
  }
}

/** Steps after which a power of beta has fallen below `NEGLIGIBLE`. */
function stepsUntilNegligible(beta: number): number {
  return beta === 0 ? 1 : Math.max(1, Math.ceil(Math.log(NEGLIGIBLE) / Math.log(beta)))
}

/** The a_k and b_k of every span, from tables of their factors: powers are dear, and each is needed thousands of times. */
class DriftTerms {
  /** Terms of a span beyond so many are left out; 0 without momentum, when a row without gradient stands still. */
  readonly most: number
  /** learningRate / (1 − β1^t) and 1 / √(1 − β2^t), for t as far as they have been needed. */
  readonly #first: number[] = []
  readonly #second: number[] = []
  /** β1^k and β2^{k/2} for k = 0 … most. */
  readonly #decay1: Float64Array
  readonly #decay2: Float64Array
  readonly #optimizer: AdamOptimizer
  /** From this step on the corrections are what they will always be. */
  readonly #settles: number

  constructor(optimizer: AdamOptimizer, fades: number, settles: number) {
    const { beta1, beta2, amsgrad } = optimizer
    this.#optimizer = optimizer
    this.#settles = settles + fades
    this.most = beta1 === 0 ? 0 : fades
    this.#decay1 = Float64Array.from({ length: this.most + 1 }, (_, k) => beta1 ** k)
    this.#decay2 = Float64Array.from({ length: this.most + 1 }, (_, k) => (amsgrad ? 1 : beta2 ** (k / 2)))
  }

  /** Makes `a` and `b` ready for steps up to `step`. */
  prepare(step: number): void {
    const { learningRate, beta1, beta2 } = this.#optimizer
    for (let t = this.#first.length; t <= Math.min(step, this.#settles); t++) {
      this.#first.push(learningRate / (1 - beta1 ** t))
      this.#second.push(1 / Math.sqrt(1 - beta2 ** t))
    }
  }

  a(s: number, k: number): number {
    return this.#first[Math.min(s + k, this.#settles)]! * this.#decay1[k]!
  }

  b(s: number, k: number): number {
    return this.#second[Math.min(s + k, this.#settles)]! * this.#decay2[k]!
  }
}

/** A span that grows step by step, cut into blocks of terms a / (b x + ε) with nearly equal b. */
class DriftSpan {
  /** Coefficients of the blocks that are full. */
  readonly closed: number[] = []
  readonly #terms: DriftTerms
  readonly #s: number
  #length = 0
  // Of the open block: its first b, and Σ a dⁿ with d = b / first − 1, which keeps the digits of central moments.
  #first = 0
  #s0 = 0
  #s1 = 0
  #s2 = 0
  #s3 = 0
  #s4 = 0

  constructor(terms: DriftTerms, s: number) {
    this.#terms = terms
    this.#s = s
  }

  extendTo(length: number): void {
    // Before the first touch there is nothing to move.
    if (this.#s === 0) return
    while (this.#length < Math.min(length, this.#terms.most)) this.extend()
  }

  extend(): void {
    const k = ++this.#length
    if (this.#s === 0 || k > this.#terms.most) return
    this.#terms.prepare(this.#s + k)
    const a = this.#terms.a(this.#s, k)
    const b = this.#terms.b(this.#s, k)
    if (this.#s0 > 0) {
      const d = b / this.#first - 1
      const ad = a * d
      const add = ad * d
      const addd = add * d
      const s0 = this.#s0 + a
      const s1 = this.#s1 + ad
      const s2 = this.#s2 + add
      const s3 = this.#s3 + addd
      const s4 = this.#s4 + addd * d
      if (relativeFourthMoment(s0, s1, s2, s3, s4) <= TOLERANCE) {
        this.#s0 = s0
        this.#s1 = s1
        this.#s2 = s2
        this.#s3 = s3
        this.#s4 = s4
        return
      }
      this.closed.push(...this.open())
    }
    this.#first = b
    this.#s0 = a
    this.#s1 = this.#s2 = this.#s3 = this.#s4 = 0
  }

  /** Coefficients of the open block; none where there is no term yet. */
  open(): readonly number[] {
    if (this.#s0 === 0) return []
    const mean = this.#s1 / this.#s0
    const m2 = this.#s2 / this.#s0
    const central2 = m2 - mean * mean
    const central3 = this.#s3 / this.#s0 - 3 * mean * m2 + 2 * mean * mean * mean
    const scale = 1 / (1 + mean)
    return [this.#s0, this.#first * (1 + mean), central2 * scale * scale, central3 * scale * scale * scale]
  }
}

/** Σ a ((b − b0) / b0)⁴ / Σ a from the moments of d. */
function relativeFourthMoment(s0: number, s1: number, s2: number, s3: number, s4: number): number {
  const mean = s1 / s0
  const central = s4 / s0 - 4 * mean * (s3 / s0) + 6 * mean * mean * (s2 / s0) - 3 * mean * mean * mean * mean
  const scale = 1 / (1 + mean)
  return central * scale * scale * scale * scale
}

/** A drift table as it is made, span after span. */
class DriftTableBuilder {
  readonly #start: number[] = [0]
  #blocks = new Float32Array(1024)
  #used = 0

  get spans(): number {
    return this.#start.length - 1
  }

  add(span: DriftSpan): void {
    const { closed } = span
    const open = span.open()
    const end = this.#used + closed.length + open.length
    if (end > this.#blocks.length) {
      const larger = new Float32Array(2 * end)
      larger.set(this.#blocks)
      this.#blocks = larger
    }
    this.#blocks.set(closed, this.#used)
    this.#blocks.set(open, this.#used + closed.length)
    this.#used = end
    this.#start.push(end / 4)
  }

  /** Spans `from` … `end` − 1; `start` counts from the first span of all. */
  piece(from: number, end: number): DriftTable {
    const start = Uint32Array.from(this.#start.slice(from, end + 1))
    return { start, blocks: this.#blocks.slice(4 * (start[0] ?? 0), 4 * (start.at(-1) ?? 0)) }
  }
}

/** Number of a span within `AdamDrift.within`'s table: spans of one beginning lie together, by length from 0. */
export function spanNumber(steps: number, from: number, length: number): number {
  // Beginnings 0 … from − 1 have steps + 1, steps, … spans each.
  return from * (steps + 1) - (from * (from - 1)) / 2 + length
}
