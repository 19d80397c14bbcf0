import type { Csr } from './csr.ts'
import type { Matrix } from './matrix.ts'

/** How final embeddings come from the trained table: as they are, or propagated over the user–item graph. */
export type Backbone =
  | { readonly kind: 'mf' }
  /** LightGCN: the mean of layers 0 … `layers` of symmetric propagation (METHODS.md §4.3, §6). */
  | { readonly kind: 'lgn'; readonly layers: number }

/** What training minimises. */
export type Objective =
  /**
   * Bayesian personalised ranking: the mean over the batch's triples (u, i, j) of −ln σ(p_u·q_i − p_u·q_j), plus
   * `l2` · ½(‖p_u‖² + ‖q_i‖² + ‖q_j‖²) averaged over the same triples and taken of the trained rows, not of propagated ones
   * (METHODS.md §4.1, §4.3).
   */
  { readonly kind: 'bpr'; readonly l2: number }

/** Which triples a step sees (METHODS.md §3.2, §4.1). */
export interface Sampler {
  /**
   * `interaction`: an epoch is a random permutation of all training interactions, the last batch of an epoch may be short.
   * `user`: a batch is users drawn uniformly (without replacement where the batch allows it), then one positive of each.
   */
  readonly positives: 'interaction' | 'user'
  /** Negatives per positive, 1 … 64: items drawn uniformly from those the user has no training interaction with. */
  readonly negatives: number
}

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
  /** Positives per step, 1 … 65,536; at most the number of interactions. */
  readonly batch: number
  /** An integer from 0 to 2^53 − 1. */
  readonly seed: number
  /** The table to start from: (users + items) × d, users first. */
  readonly initialTable: Float32Array
}

/** The trained table and everything needed to go on from it exactly. */
export interface FitState {
  /** Optimizer steps done. */
  readonly step: number
  /** (users + items) × d, users first. */
  readonly table: Float32Array
  /** Optimizer state by name, each as large as the table: `m`, `v` and, with amsgrad, `vMax`. */
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
  /** The final embeddings: the table itself, or its propagation. */
  embeddings(): Promise<Embeddings>
  read(): Promise<FitState>
  /** Continues from a state read from a fit of the same spec, on this engine or another. */
  restore(state: FitState): Promise<void>
  /** Frees what the run holds on the device. */
  close(): void
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
