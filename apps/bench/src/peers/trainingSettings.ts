/** Who is trained: matrix factorisation or LightGCN, both with BPR and one negative per positive. */
export type PeerModel = 'mf' | 'lgn'

export const PEER_MODELS: readonly PeerModel[] = ['mf', 'lgn']

/** What all peers share, as it is handed over to them in `settings.json`. */
export interface TrainingSettings {
  readonly dimension: number
  /** Positives per step. */
  readonly batches: Readonly<Record<PeerModel, number>>
  /** LightGCN's. */
  readonly layers: number
  readonly adam: {
    readonly learningRate: number
    readonly beta1: number
    readonly beta2: number
    readonly epsilon: number
  }
  /** Standard deviation of the table that training starts from. */
  readonly initialScale: number
  readonly seed: number
}

/** LightGCN propagates over the whole graph at every step, hence its larger batch. */
export const TRAINING: TrainingSettings = {
  dimension: 64,
  batches: { mf: 1024, lgn: 8192 },
  layers: 2,
  adam: { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  initialScale: 0.1,
  seed: 1,
}
