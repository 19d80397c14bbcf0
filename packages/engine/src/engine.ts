import type { Csr } from './csr.ts'
import type { Fit, FitSpec } from './fit.ts'
import type { FitShape } from './fitShape.ts'
import type { Graph } from './graph.ts'
import type { Matrix } from './matrix.ts'
import type { MemoryPlan } from './memoryPlan.ts'

/** What the work runs on, for people and for result files. */
export interface DeviceInfo {
  /** The device's own name, as its driver gives it. */
  readonly name: string
  readonly vendor: string
  readonly architecture: string
  /** `software` for a driver that runs on the CPU. */
  readonly kind: 'hardware' | 'software'
  /** One sentence: why this device and not another. */
  readonly reason: string
}

export interface RankOptions {
  /** Length of each list, 1 … 1,024. */
  readonly k: number
  /** Items never listed for a user, a row for each row of `users`: usually what the user already has. */
  readonly exclude?: Csr
}

/** Top-k lists, one row a user, best first; ties go to the lower item number. */
export interface Ranking {
  readonly k: number
  /** rows × k item numbers; `NO_ITEM` where a user has fewer than k items left. */
  readonly items: Uint32Array
  /** rows × k scores; −∞ beside `NO_ITEM`. */
  readonly scores: Float32Array
}

/**
 * Scorings that differ from the inner product by a few terms, ranked together because they share its cost: variant s scores
 *
 *     score_s(u, i) = p_u · q_i + Σ_r users[s][u][r] · items[i][r]
 *
 * A debiasing dial is one: with a = q_i·q̂ kept per item, every strength of the subtraction is another weight of it
 * (METHODS.md §2.2).
 */
export interface Corrections {
  /** items × r, r from 1 to 4. */
  readonly items: Matrix
  /** For each variant users × r. At least one. */
  readonly users: readonly Matrix[]
}

/** Fills a list's places beyond the last item that could be ranked. */
export const NO_ITEM = 0xffffffff

/**
 * The seam between gradrec and what computes: few verbs, coarse enough to be fast. Everything above it sees only this.
 * Implementations: WebGPU (`@gradrec/kernels`), WebAssembly SIMD (`@gradrec/kernels-wasm`) and, for tests, the float64 oracle.
 */
export interface Engine {
  readonly name: string
  readonly device: DeviceInfo
  /** What `fit` would take of a run of this shape, beside what is taken already; nothing is taken, and the shape not checked. */
  memoryPlan(shape: FitShape): MemoryPlan
  /**
   * Compiles a training run and puts its tables on the device.
   *
   * @throws SpecError for a run that no engine could train
   * @throws MemoryError for one that does not fit this engine, before anything is taken
   */
  fit(spec: FitSpec): Promise<Fit>
  /** Exact top-k by inner product over the full catalogue: no sampling, no approximation. */
  rank(users: Matrix, items: Matrix, options: RankOptions): Promise<Ranking>
  /** Exact top-k of every variant, in the order of `corrections.users`: what as many calls of `rank` would cost, and less. */
  rankVariants(
    users: Matrix,
    items: Matrix,
    corrections: Corrections,
    options: RankOptions,
  ): Promise<readonly Ranking[]>
  /** LightGCN's final embeddings: the mean of layers 0 … `layers` over the graph's nodes. */
  propagate(table: Matrix, graph: Graph, layers: number): Promise<Matrix>
  close(): Promise<void>
}
