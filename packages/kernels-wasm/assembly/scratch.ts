// Memory that belongs to one thread alone.

/** Bytes of the row of numbers that a gradient is summed up in: the widest row there is. */
export const ROW_BYTES: usize = 2048
/** Bytes of one number for each negative of a positive and one for itself, with room for a whole last vector. */
export const NEGATIVE_BYTES: usize = 272

/** A row's gradient. */
export const GRADIENT: usize = 0
/** A row of zeros. */
export const ZEROS: usize = ROW_BYTES
/** Scores of a positive's negatives. */
export const SCORES: usize = 2 * ROW_BYTES
/** Arguments of the log-sigmoid, then slopes: of the negatives, and last, where it has one, of the positive. */
export const SLOPES: usize = SCORES + NEGATIVE_BYTES
export const LOSSES: usize = SLOPES + NEGATIVE_BYTES
/** Where what was loaded ahead of time goes. */
export const TOUCHED: usize = LOSSES + NEGATIVE_BYTES
/** Words of four calls of Philox. */
export const RANDOM: usize = TOUCHED + 64
/** First words of the draws of a positive's negatives, while steps are planned and nothing is scored. */
export const DRAWS: usize = SCORES
/** Products that scores were made of, and the scores' slopes by them: adjustScores.ts. */
export const PRODUCTS: usize = RANDOM + 64
export const LINK_SLOPES: usize = PRODUCTS + NEGATIVE_BYTES
/** Five arrays of `NEGATIVE_BYTES` for the terms of an objective of its own: scoreDice.ts, scoreMacr.ts. */
export const TERMS: usize = LINK_SLOPES + NEGATIVE_BYTES
/** MACR's w_user and w_item: towers.ts. */
export const TOWERS: usize = TERMS + 5 * NEGATIVE_BYTES
/** [row] run of the row in the step being planned. */
export const RUN_OF_ROW: usize = TOWERS + 2 * ROW_BYTES
