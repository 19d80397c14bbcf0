import type { Arms } from './arms.ts'
import type { Csr } from './csr.ts'
import type { FitShape } from './fitShape.ts'
import type { GraphOptions } from './graph.ts'
import type { Objective } from './objective.ts'
import type { Sampler } from './sampler.ts'
import type { Matrix } from './matrix.ts'

/** How final embeddings come from the trained table: as they are, or propagated over the user–item graph. */
export type Backbone =
  | { readonly kind: 'mf' }
  /** LightGCN: the mean of layers 0 … `layers` of propagation over the user–item graph (METHODS.md §4.3, §6). */
  | LightGcn

export interface LightGcn extends GraphOptions {
  readonly kind: 'lgn'
  /** 1 … 16. */
  readonly layers: number
  /**
   * Share of the numbers of every propagated layer that training sets to zero, the others growing by 1 / (1 − dropout), anew in
   * every step: 0 (default) up to, not including, 1. What was dropped is neither propagated further nor counted in the mean
   * (METHODS.md §3.7). Never in `Fit.embeddings`.
   */
  readonly dropout?: number
}

/**
 * What a run records of its gradients besides training (the paper's Algorithm 1, lines 10–12; METHODS.md §2.1, §2.3 E, O), in
 * two slots as large as the table, `recordedPositive` and `recordedNegative`. A triple (u, i, j) in a step with learning rate η
 * adds, with the vectors that were scored in that step (normalised and propagated where the run does so),
 *
 *     positive[i] += η w⁺ p̂_u    negative[j] −= η w⁻ p̂_u    positive[u] += η w⁺ q_i    negative[u] −= η w⁻ q_j
 *
 * `vector`: w⁺ = w⁻ = 1, as Algorithm 1 has it. `gradient`: the size of the loss's slope, w⁺ = w⁻ = σ(s_j − s_i) for BPR and
 * w⁺ = σ(−s_i), w⁻ = σ(s_j) for BCE. The sums point where descent moves a row; with `vector` they cancel over all items.
 */
export type Recording = 'none' | 'vector' | 'gradient'

/**
 * Update rules with PyTorch's semantics: every row takes part in every step, touched or not.
 *
 * Adam's `update` chooses how that is computed. `dense` visits every row at every step. `lazy` visits touched rows only and
 * moves the others in closed form when they are next needed (`AdamDrift`): the same result within float32's rounding at the
 * cost of the touched rows, for matrix factorisation without weight decay. Default `dense`.
 */
export type Optimizer =
  | {
      readonly kind: 'adam'
      readonly learningRate: number
      readonly beta1: number
      readonly beta2: number
      readonly epsilon: number
      /** Coupled (classic L2): added to the gradient of every row at every step. */
      readonly weightDecay: number
      readonly amsgrad: boolean
      readonly update?: 'dense' | 'lazy'
    }
  | { readonly kind: 'sgd'; readonly learningRate: number; readonly weightDecay: number }

/** A training run, as data. Every engine trains the same triples, in the same order, from the same spec. */
export interface FitSpec {
  /** Width d of the embeddings: a multiple of 4 from 4 to 512. */
  readonly dimension: number
  /** Training interactions: users × items. Every user must have left at least one item out. */
  readonly interactions: Csr
  readonly backbone: Backbone
  readonly objective: Objective
  readonly sampler: Sampler
  readonly optimizer: Optimizer
  /** Default `none`. */
  readonly recording?: Recording
  /** Two arms of an experiment in one table; left out for a run that has none. */
  readonly arms?: Arms
  /** Positives per step, 1 … 65,536; at most the number of interactions. */
  readonly batch: number
  /** An integer from 0 to 2^53 − 1. */
  readonly seed: number
  /** The table to start from: `tableRows` × d, users first, then items, then what the objective adds. */
  readonly initialTable: Float32Array
}

/** The trained table and everything needed to go on from it exactly. */
export interface FitState {
  /** Optimizer steps done. */
  readonly step: number
  /** Of the next step. */
  readonly learningRate: number
  /** Rows as in `initialTable`. */
  readonly table: Float32Array
  /**
   * State by name, each as large as the table: Adam's `m`, `v` and, with amsgrad, `vMax`; `recordedPositive` and
   * `recordedNegative` where the run records.
   */
  readonly slots: Readonly<Record<string, Float32Array>>
}

export interface StepsReport {
  readonly steps: number
  readonly triples: number
  /** Sum over the triples of the data loss, without regularisation. */
  readonly lossSum: number
}

/** What inference starts from: one vector per user and per item. */
export interface Embeddings {
  readonly users: Matrix
  readonly items: Matrix
}

/** A compiled training run that lives on an engine. Calls do not overlap: await each before the next. */
export interface Fit {
  readonly stepsPerEpoch: number
  /**
   * Steps the engine likes to be asked for at once, 1 or more. With lazy updates the same bits come out of every run that
   * asks for multiples of it from the beginning of each epoch (and what is left at the end of one); asked otherwise, the
   * result is the same within rounding. Without lazy updates it never matters.
   */
  readonly stepsAtOnce: number
  /** Optimizer steps done so far. */
  readonly step: number
  /** Runs `count` further steps: sampling, planning, gradients, scatter-add and optimizer. */
  steps(count: number): Promise<StepsReport>
  /**
   * Changes the learning rate from the next step on: for schedules, at the end of an epoch. Restoring a state brings its rate
   * back. Elsewhere than at an epoch's end, lazy updates keep to the result but not to the bits (see `stepsAtOnce`).
   */
  setLearningRate(learningRate: number): Promise<void>
  /** The final embeddings: the table itself, or its propagation. Users are not normalised. */
  embeddings(): Promise<Embeddings>
  read(): Promise<FitState>
  /** Continues from a state read from a fit of the same spec, on this engine or another. */
  restore(state: FitState): Promise<void>
  /** Frees what the run holds on the device. */
  close(): void
}

/**
 * Rows of the trained table: the users, the items, and for MACR two more, w_user and w_item. `Fit.embeddings` has those of
 * users and items.
 */
export function tableRows({ interactions, objective }: Pick<FitShape, 'interactions' | 'objective'>): number {
  return interactions.rows + interactions.columnCount + (objective.kind === 'macr' ? 2 : 0)
}

/** Batches that make one epoch: ⌈interactions / batch⌉ under either way of drawing positives. */
export function stepsPerEpoch(spec: Pick<FitSpec, 'interactions' | 'batch'>): number {
  return Math.ceil(spec.interactions.columns.length / spec.batch)
}

/** Positives in step `step`: the batch, or what is left at the end of an epoch of interactions. */
export function positivesInStep(
  spec: Pick<FitSpec, 'interactions' | 'batch'> & { readonly sampler: Pick<Sampler, 'positives'> },
  step: number,
): number {
  if (spec.sampler.positives === 'user') return spec.batch
  const first = (step % stepsPerEpoch(spec)) * spec.batch
  return Math.min(spec.batch, spec.interactions.columns.length - first)
}
