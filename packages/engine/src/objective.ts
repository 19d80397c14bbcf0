/**
 * What training minimises: a mean over the batch's triples (u, i, j) of a loss of the products y_i = p_u·q_i and y_j = p_u·q_j of
 * final vectors (the trained rows, or propagated ones with LightGCN).
 */
export type Objective = PairwiseObjective | DiceObjective | MacrObjective

/** What all objectives have. */
interface Regularised {
  /**
   * Weight of ½(‖p_u‖² + ‖q_i‖² + ‖q_j‖²), averaged over the same triples and taken of the trained rows, neither propagated nor
   * normalised (METHODS.md §4.1, §4.3). 0 or more.
   */
  readonly l2: number
}

export interface PairwiseObjective extends Regularised {
  /**
   * `bpr`, Bayesian personalised ranking: −ln σ(s_i − s_j). `bce`, binary cross-entropy: −ln σ(s_i) − ln(1 − σ(s_j)), so that
   * a positive weighs as much as its negatives together (METHODS.md §4.1, §2.3 L).
   */
  readonly kind: 'bpr' | 'bce'
  /**
   * Only with `bce`: a number above 0 that multiplies −ln(1 − σ(s_j)). As large as the sampler's negatives it makes every scored
   * pair, positive or negative, weigh the same (METHODS.md §3.5). Default 1.
   */
  readonly negativeWeight?: number
  /**
   * `unit`: products use p̂_u = p_u / ‖p_u‖ in the place of p_u (with LightGCN, of the propagated row), and the gradient goes
   * through the norm: g ↦ (g − (g·p̂) p̂) / ‖p‖ (the paper's Eq. 14; METHODS.md §2.3 I, K). A row of zeros scores zero and gets
   * no gradient. Items are never normalised. Default `none`.
   */
  readonly userNorm?: 'none' | 'unit'
  /**
   * What a score is made of a product y: y itself (`identity`, the default), or ELU(y) + 1, which is positive: y + 1 above 0, eʸ
   * below (`elu`; METHODS.md §10, PD).
   */
  readonly link?: 'identity' | 'elu'
  /** One number an item, above 0, that multiplies the item's scores after the link (METHODS.md §4.4, §10). Default 1. */
  readonly scoreFactors?: Float32Array
  /** One number an item, 0 or more, that multiplies the loss of triples with it as positive (METHODS.md §3.4). Default 1. */
  readonly lossWeights?: Float32Array
}

/**
 * DICE (Zheng et al., WWW 2021; METHODS.md §3.6). The first half of every vector is interest, the second conformity, with products
 * y⁽¹⁾ and y⁽²⁾ whose sum is y. With b = 1 where the negative is more popular than the positive (c_j > c_i), else 0, and
 * x⁽ⁿ⁾ = y⁽ⁿ⁾_i − y⁽ⁿ⁾_j, a triple's loss in epoch e (from 0) is
 *
 *     −ln σ(x⁽¹⁾ + x⁽²⁾) − decayᵉ · interest · b ln σ(x⁽¹⁾) − decayᵉ · conformity · (b ln σ(−x⁽²⁾) + (1 − b) ln σ(x⁽²⁾))
 *
 * and the step's objective adds the discrepancy of the halves of its distinct items, plus that of its distinct users.
 */
export interface DiceObjective extends Regularised {
  readonly kind: 'dice'
  /** c: one count an item. */
  readonly popularity: Uint32Array
  /** Weight of the interest loss, 0 or more. DICE's is 0.1. */
  readonly interest: number
  /** Weight of the conformity loss, 0 or more. DICE's is 0.1. */
  readonly conformity: number
  /** What both are multiplied by after every epoch, above 0, at most 1. DICE's is 0.9. */
  readonly decay: number
  readonly discrepancy: Discrepancy
}

/**
 * How far apart the halves X and Y of the n distinct rows of a step are, as a term to minimise. `l1`: −weight · mean |X − Y|.
 * `l2`: −weight · mean (X − Y)². Means are over rows and elements. Rows are final ones: with LightGCN the propagated.
 *
 * `dCor`, DICE's own: +weight · the distance correlation of X and Y (Székely, Rizzo & Bakirov, Annals of Statistics 2007; METHODS.md
 * §3.6). With the distances a_kl = ‖X_k − X_l‖ and b_kl = ‖Y_k − Y_l‖, both centred by rows, columns and their grand mean to A and B,
 * and the means over all n² entries S_ab = mean(A∘B), S_aa = mean(A∘A), S_bb = mean(B∘B),
 *
 *     dCor = (S_ab + ε)^½ / ((S_aa + ε)^¼ (S_bb + ε)^¼)      ε = 1e-12, and S_ab taken as 0 where rounding has it below
 *
 * Its gradient is ∂dCor/∂a_kl = dCor · (B_kl / 2(S_ab + ε) − A_kl / 2(S_aa + ε)) / n², by row k of X that is
 * 2 Σ_l ∂dCor/∂a_kl · (X_k − X_l) / a_kl, with nothing from a_kl = 0; and likewise for Y. The work grows with n²; of one row it is 0.
 */
export interface Discrepancy {
  readonly kind: 'none' | 'l1' | 'l2' | 'dCor'
  /** 0 or more. DICE's is 0.01. */
  readonly weight: number
}

/**
 * MACR (Wei et al., KDD 2021; METHODS.md §4.2). Two more rows of the table are linear towers: the row after the items is w_user, the
 * last w_item. They are not propagated. With ŷ_u = σ(p_u·w_user), ŷ_i = σ(q_i·w_item) and z_i = y_i ŷ_i ŷ_u a triple's loss is
 *
 *     −ln σ(z_i) − ln(1 − σ(z_j)) + itemWeight · (−ln ŷ_i − ln(1 − ŷ_j)) + userWeight · (−ln ŷ_u − ln(1 − ŷ_u))
 *
 * with gradients into embeddings and towers alike. L2 leaves the towers alone; weight decay does not.
 */
export interface MacrObjective extends Regularised {
  readonly kind: 'macr'
  /** α, 0 or more. */
  readonly itemWeight: number
  /** β, 0 or more. */
  readonly userWeight: number
}
