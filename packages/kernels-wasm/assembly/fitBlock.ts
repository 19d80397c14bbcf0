// What the host tells the kernels about a training run: addresses, shapes and constants, written once. The build reads the
// fields off these classes, so that host and kernels cannot disagree about an offset. Every field takes four bytes.

@unmanaged
export class FitBlock {
  // Shapes.
  users: u32
  items: u32
  rows: u32
  /** Vectors of four numbers in a row. */
  vectors: u32
  batch: u32
  negatives: u32
  /** Places a step has for its occurrences: batch · (negatives + 2), and those of towers.ts or arms.ts. */
  places: u32

  // Sampling.
  seedLow: u32
  seedHigh: u32
  interactions: u32
  /** 1: users drawn from `drawFrom`, then one of their positives. 0: an epoch is a permutation of the interactions. */
  byUser: u32
  activeUsers: u32
  /** 1: the negatives of a positive differ from each other. */
  distinct: u32
  /** 1: negatives are drawn by their popularity: see marginNegatives.ts. */
  byMargin: u32
  /** 1: less popular items are those with c_j < c_i − M. 0: with c_j < c_i / 2. */
  downByMargin: u32
  pool: u32
  /** byMargin: [item] its count; items by popularity, and their counts; [interaction] places of a user's items among them. */
  countOfItem: usize
  orderItems: usize
  orderCounts: usize
  orderOwned: usize
  /** 1: the table has every item twice, once for each arm: arms.ts. */
  hasArms: u32
  rowPointer: usize
  columns: usize
  /** byUser: the users with interactions, ascending. Otherwise: the user of every interaction. */
  drawFrom: usize

  // The plan of a horizon.
  /** `StepBlock`s, one a step. */
  steps: usize
  /** [step][place] row of the table. */
  rowsOfStep: usize
  /** [step][place] number of the run that the place belongs to. */
  runOfPlace: usize
  /** [step][place] `Place`s, run after run. */
  order: usize
  /** [step][run] `Run`s, and one more that ends the last. */
  runs: usize
  /** [step] number of runs. */
  runCounts: usize

  // The model: rows of the table, or with LightGCN blocks of columns: see tableBlocks.ts.
  table: usize
  m: usize
  v: usize
  vMax: usize

  // The objective.
  /** `PAIRWISE` and so on. */
  objective: u32
  // Pairwise: see score.ts and adjustScores.ts.
  /** 1: binary cross-entropy. 0: Bayesian personalised ranking. */
  isCrossEntropy: u32
  /** Binary cross-entropy: weight of what a negative loses. Otherwise 1. */
  negativeWeight: f32
  /** 1: users are scored by their rows divided by their lengths. */
  unitUsers: u32
  /** 1: scores are more than products, or losses have weights. */
  adjustsScores: u32
  /** 1: products y become ELU(y) + 1. */
  isElu: u32
  /** [item]; 0 where there are none. */
  scoreFactors: usize
  lossWeights: usize
  // DICE: see scoreDice.ts and diceGradient.ts.
  /** [item] its count. */
  popularity: usize
  /** `DISCREPANCY_NONE` and so on. */
  discrepancy: u32
  discrepancyWeight: f32
  // Distance correlation: see distanceCorrelation.ts.
  /** Rows at hand: distancePanels.ts. */
  distancePanels: usize
  distanceColumns: usize
  /** Room for tiles: distances.ts. */
  distanceTiles: usize
  distanceTileBytes: u32
  /** Sums of distances by row and by pair of blocks, and means: distanceSums.ts. */
  distanceParts: usize
  distancePieces: usize
  distanceMeans: usize
  /** [run][d] gradients by the final rows. */
  distanceGradients: usize
  /** [thread][DISTANCE_SCRATCH]. */
  distanceScratch: usize
  // Arms: see arms.ts.
  /** `DISCREPANCY_NONE` and so on. */
  armDiscrepancy: u32
  armWeight: f32
  /** 1: users have counterparts as well. */
  usersApart: u32
  /** 1: rows of the treatment arm get no gradient from their counterparts. */
  stopsTreatment: u32
  // MACR: see scoreMacr.ts.
  itemWeight: f32
  userWeight: f32

  // Recording: see recordUsers.ts and recordItems.ts.
  /** `RECORDS_NOTHING` and so on. */
  recording: u32
  /** [user][2][d]: the positive part, then the negative. */
  recordedUsers: usize
  /** [batch][2][d] the same of slots whose user a step draws more than once. */
  recordedSlots: usize
  /** Each items × d as blocks of columns: [block][item][column]. */
  recordedPositive: usize
  recordedNegative: usize
  /** [window][block of columns][batch][column]: users as they were scored. */
  recordedFrom: usize
  /** Steps that are recorded together: whose users and coefficients are kept. 1 without recording. */
  window: u32

  // A step's intermediate values.
  /** [2][batch][d]: users as they were scored, then their gradients. MACR: then the sums of towers.ts. */
  snapshots: usize
  /** [window][batch][negatives + 2]: 1 for the user, then slopes by the scores of the positive and of each negative. */
  coefficients: usize
  /** The same for what an occurrence has besides: DICE's conformity half, MACR's w_item (0 for users). */
  secondCoefficients: usize
  /** [step][batch] loss of a positive, summed over its negatives. */
  losses: usize
  /** [step] float64 sum of the losses. */
  lossSums: usize
  /** [row] run of the row in the current step, if `runs[run].row` is the row: else it has none. */
  runOfRow: usize

  // The update.
  isAdam: u32
  amsgrad: u32
  beta2: f32
  oneMinusBeta1: f32
  /** √(1 − β2). */
  rootOneMinusBeta2: f32
  epsilon: f32
  weightDecay: f32
  l2: f32
  /** 1: rows without an occurrence are updated as well. */
  updatesAllRows: u32

  // Lazy Adam: see lazyAdam.ts.
  isLazy: u32
  /** 1 − β2. */
  oneMinusBeta2: f32
  /** [row] `RowState`s. */
  rowStates: usize
  /** Spans inside the horizon: β1^n, β2^n for n = 0 … horizon; where each span's blocks start; the blocks. */
  withinPowers1: usize
  withinPowers2: usize
  withinStart: usize
  withinBlocks: usize
  /** Spans shorter than `fades` that end when the horizon begins: β1^n for n = 0 … fades − 1, starts, blocks. */
  recentPowers1: usize
  recentStart: usize
  recentBlocks: usize
  /** Longer spans: the one that begins after step s has number min(s, settles). */
  longStart: usize
  longBlocks: usize
  fades: u32
  settles: u32

  // LightGCN; no layers for matrix factorisation.
  layers: u32
  graphPointer: usize
  graphColumns: usize
  /** (A x)[r] = rowScale[r] · Σ columnScale[c] · x[c]. */
  graphRowScale: usize
  graphColumnScale: usize
  /** Share of numbers dropped in 2^16 steps, and what the others grow by; no dropout where it is 0. */
  dropoutThreshold: u32
  dropoutScale: f32
  /** Boundaries of pieces of consecutive rows with about as many edges each. */
  pieces: usize
  pieceCount: u32
  /** Tiles of the neighbours of users and of items, the edges where they begin, and how the rows are divided: tiles.ts. */
  userTiles: u32
  itemTiles: u32
  userTileEdges: usize
  itemTileEdges: usize
  tileRanges: u32
  /** Two rows × d buffers that layers are written to in turn. */
  layerA: usize
  layerB: usize
  /** [run][d] final embeddings of the step's rows; with arms, for matrix factorisation, the rows before their update. */
  finalRows: usize
  /** [run][d] gradients by the final embeddings. */
  finalGradients: usize
  /** The same, multiplied by the rows' scales. */
  scaledGradients: usize

  // Threads.
  threads: u32
  team: usize
  /** [thread][scratchBytes]: see scratch.ts. */
  scratch: usize
  scratchBytes: u32

  // See phases.ts.
  /** 1: phases are timed. */
  profiles: u32
  phaseTimes: usize

  // The job at hand.
  /** Steps done before the horizon. */
  done: u32
  /** Steps of the horizon. */
  horizon: u32
  /** To train: steps firstStep … firstStep + stepCount − 1 of the horizon. */
  firstStep: u32
  stepCount: u32
}

/** What differs from step to step. */
@unmanaged
export class StepBlock {
  /** Number of the step in the run, from 0. */
  number: u32
  epoch: u32
  /** Place of the step's first positive in the epoch. */
  position: u32
  /** Positives in this step: the batch, or what is left of an epoch. */
  positives: u32
  /** 1 / (positives · negatives): the loss is a mean over triples. */
  inverseTriples: f32
  /** Adam: learningRate / (1 − β1^t). SGD: learningRate. */
  stepSize: f32
  /** Adam: 1 / √(1 − β2^t). */
  inverseCorrection: f32
  /** What recording multiplies by: the learning rate (`RECORDS_VECTORS`), or −learningRate · triples (`RECORDS_GRADIENTS`). */
  recordScale: f32
  /** Sampling: ⌊M⌋ of a margin. */
  margin: u32
  /** DICE: the losses' weights in this epoch. */
  interest: f32
  conformity: f32
  /** DICE, arms: users among the runs, written by the plan. */
  distinctUsers: u32
}

/** `FitBlock.objective`. */
export const PAIRWISE: u32 = 0
export const DICE: u32 = 1
export const MACR: u32 = 2

/** `FitBlock.discrepancy` and `FitBlock.armDiscrepancy`. */
export const DISCREPANCY_NONE: u32 = 0
export const DISCREPANCY_L1: u32 = 1
export const DISCREPANCY_L2: u32 = 2
export const DISCREPANCY_DCOR: u32 = 3

/** `FitBlock.recording`. */
export const RECORDS_NOTHING: u32 = 0
export const RECORDS_VECTORS: u32 = 1
export const RECORDS_GRADIENTS: u32 = 2

/** All the occurrences of one row in a step. */
@unmanaged
export class Run {
  row: u32
  /** First of its places in `order`; the next run's `begin` ends it. */
  begin: u32
  /** Triples that the row takes part in: a user or a positive in `negatives`, a negative in one. */
  triples: u32
  /** Lazy Adam: the next step of the horizon that touches the row, or the horizon's length if none does. */
  next: u32
}

/** An occurrence: its gradient is coefficient · snapshot. */
@unmanaged
export class Place {
  /** Index into `coefficients`. */
  coefficient: u32
  /** Index of a row of `snapshots`. */
  snapshot: u32
}

/** Lazy Adam: how far a row has come. */
@unmanaged
export class RowState {
  /** Steps that table and moments are up to date with; 0 before the row's first touch. */
  upTo: u32
  /** 1 + number of the first step in the horizon that touches the row; at most `done` if none does. */
  touch: u32
}
