import type { Backbone, Optimizer, PairwiseObjective } from '@gradrec/engine'
import type { AverageOver } from './evaluate.ts'
import type { Initialisation } from './initialTable.ts'
import type { MethodConfig } from './methods/methods.ts'
import type { AccuracyKey } from './metrics/metric.ts'
import type { Schedule } from './training/schedule.ts'

/** Everything that decides a training run besides the data and the engine. Plain data: `JSON.stringify` keeps all of it. */
export interface TrainConfig {
  /** How final embeddings come from the trained table: as they are (`mf`), or propagated over the graph (`lgn`). */
  readonly backbone: Backbone
  /** What debiasing does in training, and what its dials are afterwards. */
  readonly method: MethodConfig
  /** What training minimises: Bayesian personalised ranking or binary cross-entropy (`Objective` of `@gradrec/engine`). */
  readonly loss: PairwiseObjective['kind']
  /** Width of the embeddings: a multiple of 4 from 4 to 512. */
  readonly dimension: number
  /** Positives per optimizer step, 1 … 65,536. More than there are interactions is mended to their number, and reported. */
  readonly batch: number
  /** Negatives per positive, drawn uniformly from the items the user has not interacted with: 1 … 64. */
  readonly negatives: number
  /** Whether the negatives of one positive differ from each other (METHODS.md §3.2). */
  readonly distinct: boolean
  /**
   * `interaction`: an epoch is a permutation of all training interactions. `user`: users are drawn uniformly, then one of
   * their interactions, which weighs inactive users up (METHODS.md §4.1).
   */
  readonly positives: 'interaction' | 'user'
  /** Adam or SGD with their rates; PyTorch's semantics. */
  readonly optimizer: Optimizer
  /** How the learning rate goes on from the optimizer's. */
  readonly schedule: Schedule
  /** L2 on the trained rows of each triple, l2 · ½(‖p_u‖² + ‖q_i‖² + ‖q_j‖²) averaged over triples: 0 or more. */
  readonly l2: number
  /** Epochs at most, 1 or more. */
  readonly epochs: number
  /** Where the table starts. */
  readonly initialisation: Initialisation
  /** Decides the initial table and every sampled triple: an integer from 0 to 2^53 − 1. */
  readonly seed: number
  /** Epochs between validations, 1 or more; the last epoch is always validated. Without a validation part nothing is. */
  readonly evaluateEvery: number
  /**
   * Validations in a row without a better watched metric after which training stops; 0 trains all epochs. With a plateau
   * schedule they count from when the rate can fall no further (METHODS.md §3.1).
   */
  readonly patience: number
  /** The validation metric, the higher the better, that picks the model to keep. Its k may differ from `k`. */
  readonly watch: AccuracyKey
  /** Length of the lists that are reported, 1 … 1,024. */
  readonly k: number
  /** Whether users without held-out items count, as zeros, in means (METHODS.md §3.8, §8.2). */
  readonly averageOver: AverageOver
  /** Whether lists for the test parts leave out a user's validation items as they leave out training items. */
  readonly maskValidation: boolean
}
